using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>For lists that may be narrowed down to one agent.</summary>
public static class AgentFilter
{
    /// <param name="agent">Id or slug; null for all agents.</param>
    /// <returns>The agent's id, null for all of them; or <c>agent_not_found</c>.</returns>
    public static async Task<Result<Guid?>> AgentId(this IMediator mediator, string? agent, CancellationToken ct)
    {
        if (agent is null)
        {
            return Result<Guid?>.Ok(null);
        }

        var found = await mediator.Send(new GetAgentReference(agent), ct);
        return found.IsOk ? found.Value.AgentId : found.Error;
    }
}
