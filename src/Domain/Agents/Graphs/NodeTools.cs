namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>What the model of an <c>llm</c> node may call.</summary>
/// <param name="Listed">Those that the node names itself, in its order.</param>
/// <param name="OffersBound">Also the skills that are bound to the agent, as they are when the node begins.</param>
public sealed record NodeTools(IReadOnlyList<ListedTool> Listed, bool OffersBound)
{
    /// <summary>What a node without <c>tools</c> means.</summary>
    public static NodeTools Bound { get; } = new([], OffersBound: true);
}

/// <summary>A tool that a node names.</summary>
/// <param name="Skill">What executes it; the platform's <c>agent</c> where <paramref name="Agent"/> is given.</param>
/// <param name="Agent">Slug or id of the agent that is the tool.</param>
/// <param name="AgentVersion">Null for the latest.</param>
public sealed record ListedTool(ResolvedSkill Skill, string? Agent, string? AgentVersion, ToolTerms Terms);

/// <summary>Under which terms a model may call a tool.</summary>
/// <param name="Approval">A person is asked before each call.</param>
/// <param name="Timeout">Of one call; null for what its kind has by itself.</param>
/// <param name="MaxCalls">By one <c>llm</c> node; null: as many as all tools together may have.</param>
/// <param name="Credential">Name of the credential that the tool applies.</param>
/// <param name="Assignee">Who is asked: id or e-mail address of a member; looked for when the question is asked.</param>
/// <param name="Team">Which team is asked: id or slug.</param>
public sealed record ToolTerms(
    bool Approval = false, TimeSpan? Timeout = null, int? MaxCalls = null, string? Credential = null, string? Assignee = null, string? Team = null)
{
    /// <summary>As long as an e-mail address may be.</summary>
    public const int LongestAssignee = 320;

    public const int MostCalls = 200;

    public static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    public static ToolTerms None { get; } = new();
}
