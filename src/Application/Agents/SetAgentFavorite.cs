using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Keeps an agent among the caller's favourites, or takes it out. It is the caller's own list, so reading rights are enough.</summary>
[Requires("agents:read")]
public sealed record SetAgentFavorite(string Agent, string? Kind, bool IsFavorite) : ICommand<AgentView>;

file sealed class Handler(IAgents agents, CallContext call, IAudit audit) : IRequestHandler<SetAgentFavorite, Result<AgentView>>
{
    static readonly Error NoUser = new(ErrorKind.Forbidden, "no_user", "Favourites belong to a person; this caller is none.");

    public async Task<Result<AgentView>> Handle(SetAgentFavorite request, CancellationToken cancellationToken)
    {
        if (call.UserId is not { } user)
        {
            return NoUser;
        }

        if (await agents.Find(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is not { } agent)
        {
            return AgentErrors.AgentNotFound;
        }

        if (await agents.SetFavorite(agent.Id, user, request.IsFavorite, cancellationToken))
        {
            audit.Record(request.IsFavorite ? "agent.favorited" : "agent.unfavorited", "agent", agent.Id.ToString());
        }

        return agent with { IsFavorite = request.IsFavorite };
    }
}
