using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<GetAgentTool, Result<AgentTool>>
{
    const string Sql =
        $"""
        select a.id as agent_id, v.id as version_id, a.slug, a.name, a.description, v.input_schema
        from agents.agents a
        {NamedAgent.Version}
        {NamedAgent.Where}
        """;

    public async Task<Result<AgentTool>> Handle(GetAgentTool request, CancellationToken cancellationToken) =>
        NamedAgent.Parameters(call, request.Agent, request.Version) is { } named && await db.One<AgentTool>(Sql, named, cancellationToken) is { } tool ? tool : AgentErrors.AgentNotFound;
}
