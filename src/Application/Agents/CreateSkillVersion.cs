using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Gives a skill a new version. Graphs that were accepted before keep the version that they were resolved to.</summary>
[Requires("skills:write")]
public sealed record CreateSkillVersion(string Skill, SkillVersionDraft Draft) : ICommand<SkillVersionView>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
    [
        .. VersionNumbers.Check(Draft.SemanticVersion),
        .. SkillRules.CheckSpec(Draft.SpecOrEmpty),
        .. Schemas.Check("/input_schema", Draft.InputSchema),
        .. Schemas.Check("/output_schema", Draft.OutputSchema),
        .. FieldChecks.Text("/source_code", Draft.SourceCode, 1, CodeSpec.MaxSourceLength),
        .. FieldChecks.OneOf("/language", Draft.Language, CodeSpec.Languages),
        .. VersionNumbers.CheckChangelog(Draft.Changelog),
    ];
}

/// <param name="Spec">A preset for the nodes that use the skill: <c>{ with: {…} }</c>; of type mcp also <c>server</c> and <c>tool</c>, of type code <c>limits</c> and <c>network</c> (<see cref="CodeSpec"/>).</param>
/// <param name="SourceCode">Of type code: a function <c>main(input, ctx)</c> in <paramref name="Language"/>, up to 256 KiB.</param>
/// <param name="InputSchema">A JSON Schema for preset and node's <c>with</c> together; the platform's own for a skill of type http_request that gives none.</param>
/// <param name="SemanticVersion">Higher than every other; the next minor when not given.</param>
/// <param name="IsActive">False makes a draft, which resolves nowhere until it is activated.</param>
public sealed record SkillVersionDraft(
    JsonElement? Spec = null,
    JsonElement? InputSchema = null,
    JsonElement? OutputSchema = null,
    string? SourceCode = null,
    string? Language = null,
    string? SemanticVersion = null,
    string? Changelog = null,
    bool IsActive = true)
{
    internal JsonElement SpecOrEmpty => Spec ?? AgentFields.EmptyObject;
}

file sealed class Handler(ISkills skills, IAgents agents, TimeProvider time, IAudit audit) : IRequestHandler<CreateSkillVersion, Result<SkillVersionView>>
{
    public async Task<Result<SkillVersionView>> Handle(CreateSkillVersion request, CancellationToken cancellationToken)
    {
        var found = await skills.FindToChange(request.Skill, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var (skill, draft) = (found.Value, request.Draft);
        List<FieldError> faults = [.. SkillRules.CheckSpec(draft.SpecOrEmpty, skill.Type), .. SkillRules.CheckSource(skill.Type, draft.Language, draft.SourceCode)];
        if (faults.Count > 0)
        {
            return Error.Invalid(faults);
        }

        if (skill.Type == "agent" && await AgentFault(draft.SpecOrEmpty, cancellationToken) is { } fault)
        {
            return fault;
        }

        var highest = await skills.HighestVersion(skill.Id, cancellationToken);
        var number = VersionNumbers.Next(highest, draft.SemanticVersion);
        if (!number.IsOk)
        {
            return number.Error;
        }

        var version = new NewSkillVersion(
            Guid.CreateVersion7(time.GetUtcNow()), skill.Id, number.Value.ToString(), draft.SpecOrEmpty, draft.InputSchema ?? await SchemaOfType(skill.Type, cancellationToken), draft.OutputSchema,
            draft.Language, draft.SourceCode, draft.IsActive, draft.Changelog);
        await skills.AddVersion(version, cancellationToken);
        audit.Record("skill.version_created", "skill", skill.Id.ToString(), new { HighestVersion = highest }, new { version.SemanticVersion, version.IsActive });
        return (await skills.FindVersion(skill.Id, new VersionName(version.Id, null, IsLatest: false), cancellationToken))!;
    }

    // A skill of type agent is one agent: which one is said once, by whoever makes the skill, and never by a node or a model.
    async Task<Error?> AgentFault(JsonElement spec, CancellationToken ct)
    {
        if (!spec.TryGetProperty("with", out var preset) || !preset.TryGetProperty("agent", out var agent) || agent.ValueKind != JsonValueKind.String)
        {
            return Error.Invalid("/spec/with/agent", "required", "Name the agent that the skill runs, by its slug or id.");
        }

        return await agents.Find(IdOrSlug.Parse(agent.GetString()!), null, ct) is null
            ? Error.Invalid("/spec/with/agent", "unknown_agent", $"There is no agent \"{agent.GetString()}\".")
            : null;
    }

    // A preset HTTP call without a schema of its own takes what every HTTP call takes; the platform's skill of that name says what that is.
    async Task<JsonElement?> SchemaOfType(string type, CancellationToken ct) =>
        type == "http_request" && await skills.Find(new IdOrSlug(null, type), ct) is { } platform
            ? (await skills.FindVersion(platform.Id, new VersionName(null, null, IsLatest: true), ct))?.InputSchema
            : null;
}
