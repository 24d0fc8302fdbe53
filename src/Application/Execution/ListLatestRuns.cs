using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>
/// The last runs of several agents at once, the newest first: how a list of agents shows whether each works. So many of each, however many ran:
/// its cost does not grow with the history.
/// </summary>
/// <param name="Last">So many of each agent, at most.</param>
[Requires("runs:read")]
public sealed record ListLatestRuns(IReadOnlyList<Guid> AgentIds, int Last = 20) : IQuery<LatestRuns>, IValidate
{
    public const int MaxAgents = 200;

    public const int MaxLast = 50;

    public IEnumerable<FieldError> Validate()
    {
        if (AgentIds.Count is 0 or > MaxAgents)
        {
            yield return new FieldError("/agent_id", "out_of_range", $"Name 1 to {MaxAgents} agents.");
        }

        if (Last is < 1 or > MaxLast)
        {
            yield return new FieldError("/last", "out_of_range", $"1 to {MaxLast} runs of each.");
        }
    }
}

/// <param name="Items">One for each agent that has run.</param>
public sealed record LatestRuns(IReadOnlyList<LatestRunsOfAgent> Items);

public sealed record LatestRunsOfAgent(Guid AgentId, IReadOnlyList<LatestRun> Runs);

public sealed record LatestRun(Guid Id, string Status, DateTimeOffset QueuedAt, DateTimeOffset? FinishedAt);
