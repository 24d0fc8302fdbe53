using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Agents;

/// <summary>A skill's place among an agent's tools, and on which terms its model may call it.</summary>
/// <param name="Priority">0 to 1000; the lowest is offered first.</param>
/// <param name="Approval"><c>always</c>: a person is asked before each call. Else <c>never</c>.</param>
/// <param name="TimeoutMs">Of one call; null for what the skill has by itself.</param>
/// <param name="MaxCalls">By one <c>llm</c> node; null: as many as all tools together may have.</param>
/// <param name="Credential">Name of the credential that the skill applies.</param>
/// <param name="Assignee">Who is asked, with <c>always</c>: id or e-mail address of a member. With nobody named, whoever may decide any approval.</param>
/// <param name="Team">The team that is asked: id or slug.</param>
public sealed record ToolSettings(
    int Priority = 0, bool Enabled = true, string Approval = ToolSettings.Never, int? TimeoutMs = null, int? MaxCalls = null, string? Credential = null,
    string? Assignee = null, string? Team = null)
{
    public const string Never = "never";
    public const string Always = "always";
    public const int MaxTimeoutMs = 3_600_000;

    public ToolTerms ToTerms() => new(Approval == Always, TimeoutMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null, MaxCalls, Credential, Assignee, Team);

    public IEnumerable<FieldError> Check(string pointer)
    {
        if (Priority is < 0 or > 1000)
            yield return new FieldError($"{pointer}/priority", "out_of_range", "A number between 0 and 1000.");
        if (Approval is not (Never or Always))
            yield return new FieldError($"{pointer}/approval", "unknown_value", "An approval is one of: never, always.");
        if (TimeoutMs is < 1 or > MaxTimeoutMs)
            yield return new FieldError($"{pointer}/timeout_ms", "out_of_range", $"A number between 1 and {MaxTimeoutMs}.");
        if (MaxCalls is < 1 or > ToolTerms.MostCalls)
            yield return new FieldError($"{pointer}/max_calls", "out_of_range", $"A number between 1 and {ToolTerms.MostCalls}.");
        foreach (var fault in (FieldError[])
        [
            .. FieldChecks.Text($"{pointer}/credential", Credential, 1, 255),
            .. FieldChecks.Text($"{pointer}/assignee", Assignee, 1, ToolTerms.LongestAssignee),
            .. FieldChecks.Text($"{pointer}/team", Team, 1, ToolTerms.LongestAssignee),
        ])
        {
            yield return fault;
        }

        if (Approval == Never && (Assignee ?? Team) is not null)
            yield return new FieldError($"{pointer}/{(Assignee is null ? "team" : "assignee")}", "only_with_approval", "Somebody is asked only with the approval always.");
    }
}
