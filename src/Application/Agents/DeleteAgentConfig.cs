using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

[Requires("agents:write")]
public sealed record DeleteAgentConfig(string Agent, string? Kind, string Key) : ICommand<Unit>;

file sealed class Handler(IAgents agents, IAgentConfigs configs, IAudit audit) : IRequestHandler<DeleteAgentConfig, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(DeleteAgentConfig request, CancellationToken cancellationToken)
    {
        var found = await agents.FindToChange(request.Agent, request.Kind, null, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        if (!AgentConfigRules.IsKey(request.Key) || await configs.Find(found.Value.Id, request.Key, cancellationToken) is not { } before)
        {
            return AgentConfigRules.NotFound;
        }

        await configs.Delete(found.Value.Id, request.Key, cancellationToken);
        audit.Record("agent.config_deleted", "agent", found.Value.Id.ToString(), new { before.Key, before.Value }, after: null);
        return Unit.Value;
    }
}
