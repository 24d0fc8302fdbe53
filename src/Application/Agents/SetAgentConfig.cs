using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Writes a setting of an agent. Runs that are accepted from then on read it; those under way keep what they were accepted with.</summary>
[Requires("agents:write")]
public sealed record SetAgentConfig(string Agent, string? Kind, string Key, JsonElement Value, string? Description, bool IsEncrypted) : ICommand<AgentConfigView>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
    [
        .. AgentConfigRules.Check(Key, Value, Description),
        .. Value.ValueKind == JsonValueKind.Undefined ? [new FieldError("/value", "required", "Give the value; null is one.")] : (IEnumerable<FieldError>)[],
        .. IsEncrypted ? [new FieldError("/is_encrypted", "not_available", "Encrypted settings are not available yet; use a credential.")] : (IEnumerable<FieldError>)[],
    ];
}

file sealed class Handler(IAgents agents, IAgentConfigs configs, IAudit audit) : IRequestHandler<SetAgentConfig, Result<AgentConfigView>>
{
    public async Task<Result<AgentConfigView>> Handle(SetAgentConfig request, CancellationToken cancellationToken)
    {
        var found = await agents.FindToChange(request.Agent, request.Kind, null, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var before = await configs.Find(found.Value.Id, request.Key, cancellationToken);
        if (!await configs.Set(found.Value.Id, request.Key, request.Value, request.Description, cancellationToken))
        {
            return AgentConfigRules.TooMany;
        }

        var after = (await configs.Find(found.Value.Id, request.Key, cancellationToken))!;
        audit.Record("agent.config_set", "agent", found.Value.Id.ToString(), before is null ? null : new { before.Key, before.Value }, new { after.Key, after.Value });
        return after;
    }
}
