using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>For the run engine: a run writes a setting of its own agent. Writing the same again changes nothing.</summary>
// No permission of its own: only the engine sends it, for an agent that is running; row-level security holds.
[AllowAnonymousRequest]
public sealed record WriteAgentConfig(Guid AgentId, string Key, JsonElement Value, Guid RunId) : ICommand<AgentConfigView>, IValidate
{
    public IEnumerable<FieldError> Validate() => AgentConfigRules.Check(Key, Value, description: null);
}

file sealed class Handler(IAgents agents, IAgentConfigs configs, IAudit audit) : IRequestHandler<WriteAgentConfig, Result<AgentConfigView>>
{
    public async Task<Result<AgentConfigView>> Handle(WriteAgentConfig request, CancellationToken cancellationToken)
    {
        // Also of an agent that was archived meanwhile: its runs go on.
        if (await agents.FindForUpdate(new IdOrSlug(request.AgentId, null), null, cancellationToken) is null)
        {
            return AgentErrors.AgentNotFound;
        }

        var before = await configs.Find(request.AgentId, request.Key, cancellationToken);
        if (before is not null && JsonElement.DeepEquals(before.Value, request.Value))
        {
            return before;
        }

        if (!await configs.Set(request.AgentId, request.Key, request.Value, before?.Description, cancellationToken))
        {
            return AgentConfigRules.TooMany;
        }

        audit.Record("agent.config_set", "agent", request.AgentId.ToString(), before is null ? null : new { before.Key, before.Value }, new { request.Key, request.Value, request.RunId });
        return (await configs.Find(request.AgentId, request.Key, cancellationToken))!;
    }
}
