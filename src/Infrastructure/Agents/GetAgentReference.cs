using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<GetAgentReference, Result<AgentReference>>
{
    const string Sql =
        $"""
        select a.id as agent_id, a.slug, v.id as version_id
        from agents.agents a
        left {NamedAgent.Version}
        {NamedAgent.Where}
        """;

    public async Task<Result<AgentReference>> Handle(GetAgentReference request, CancellationToken cancellationToken)
    {
        if (NamedAgent.Parameters(call, request.AgentIdOrSlug, request.Version) is not { } named)
        {
            return AgentErrors.AgentNotFound;
        }

        return await db.One<AgentReference>(Sql, named, cancellationToken) switch
        {
            null => AgentErrors.AgentNotFound,
            { VersionId: null } when request.Version is not null => AgentErrors.VersionNotFound,
            { } found => request.Version is null ? found with { VersionId = null } : found,
        };
    }
}
