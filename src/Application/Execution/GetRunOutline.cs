using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>All of a run's steps in short, in the order they began, every attempt one: enough to draw them by thousands. What a step was given and gave is in <see cref="ListRunSteps"/>.</summary>
/// <param name="Limit">1 to 10 000 steps; 10 000 when not given.</param>
[Requires("runs:read")]
public sealed record GetRunOutline(Guid RunId, int? Limit = null, string? Cursor = null) : IQuery<RunOutline>, IValidate
{
    public const int MaxLimit = 10_000;

    public IEnumerable<FieldError> Validate() => Limit is null or (>= 1 and <= MaxLimit) ? [] : [new FieldError("/limit", "out_of_range", $"A limit is a number from 1 to {MaxLimit}.")];
}

/// <summary>Columns instead of objects, for a fifth of the bytes: the entries at one place of all columns are one step. Names stand once, and columns tell their places in the lists.</summary>
/// <param name="Origin">What <paramref name="Started"/> counts from; null while nothing has started.</param>
/// <param name="Nodes">Ids of nodes, each once.</param>
/// <param name="Skills">Slugs of skills, each once.</param>
/// <param name="Statuses">Each once.</param>
/// <param name="Node">Places in <paramref name="Nodes"/>.</param>
/// <param name="Path">Where in nested bodies, for example <c>each[3]</c>; empty in the run's own graph.</param>
/// <param name="Idx">The node's place in the graph's order of execution.</param>
/// <param name="Attempt">1 for the first try; 0 for a node that was settled without being run.</param>
/// <param name="Skill">Places in <paramref name="Skills"/>; null where the skill is not known.</param>
/// <param name="Status">Places in <paramref name="Statuses"/>.</param>
/// <param name="Started">Milliseconds after <paramref name="Origin"/>; null for what has not started.</param>
/// <param name="Took">Milliseconds; null for what has not ended.</param>
/// <param name="Cost">Millionths of the currency.</param>
/// <param name="NextCursor">Null when there are no more.</param>
public sealed record RunOutline(
    DateTimeOffset? Origin,
    IReadOnlyList<string> Nodes,
    IReadOnlyList<string> Skills,
    IReadOnlyList<string> Statuses,
    IReadOnlyList<int> Node,
    IReadOnlyList<string> Path,
    IReadOnlyList<int> Idx,
    IReadOnlyList<int> Attempt,
    IReadOnlyList<int?> Skill,
    IReadOnlyList<int> Status,
    IReadOnlyList<long?> Started,
    IReadOnlyList<long?> Took,
    IReadOnlyList<long> Cost,
    string? NextCursor);
