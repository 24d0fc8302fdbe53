using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Tenants;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>set_config</c>: writes a setting of the run's own agent. This run goes on with those that it was accepted with; later runs read the new one.</summary>
sealed class SetConfigSkill(IServiceScopeFactory scopes) : IEffectfulSkill
{
    public string Handles => "builtin/set_config";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        if (call.With.Text("key") is not { } key || !call.With.TryGetProperty("value", out var value))
        {
            return Arguments.Refused("set_config needs a key and a value.");
        }

        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, call.TenantId, null, PermissionSet.None);
        var written = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new WriteAgentConfig(call.AgentId, key, value.ToJsonElement(), call.RunId), ct);
        return written.IsOk
            ? Datum.FromObject(new Dictionary<string, Datum> { ["key"] = Datum.From(key), ["value"] = value })
            : new SkillError(written.Error.Code, written.Error.Message, SkillErrorClass.InvalidInput, Retryable: false);
    }
}
