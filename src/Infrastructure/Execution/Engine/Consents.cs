using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Tenants;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>A step whose credential lacks a person's consent does not fail: its run lies down and tries again when somebody has consented.</summary>
sealed class Consents(IServiceScopeFactory scopes)
{
    const string Code = "consent_needed";

    public static bool IsAwaited(SkillError error) => CredentialOf(error) is not null;

    /// <summary>The name of the signal that the step waits for; null when it waits for no consent.</summary>
    public static string? SignalOf(SkillError error) => CredentialOf(error) is { } id ? AwaitConsent.Signal(id) : null;

    /// <summary>Lets the run be signaled once there is a consent, also when there is one by now.</summary>
    public async Task Await(RunExecution run, SkillError? error)
    {
        if (error is null || CredentialOf(error) is not { } credential)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, run.Plan.TenantId, null, new PermissionSet(["runs:execute"]));
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new AwaitConsent(credential, run.RunId), run.Node.Lost);
    }

    static Guid? CredentialOf(SkillError error) =>
        error.Code == Code && error.Detail is { ValueKind: System.Text.Json.JsonValueKind.Object } detail && detail.TryGetProperty("credential_id", out var id) && id.TryGetGuid(out var credential)
            ? credential
            : null;
}
