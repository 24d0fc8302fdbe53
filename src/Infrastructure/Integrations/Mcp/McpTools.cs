using System.Diagnostics;
using System.Globalization;
using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations.Mcp;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Shared;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>
/// One call from its name to its logged result: find the server, keep to the pin, connect, look whether the tool is still what was accepted, call, bound, log.
/// </summary>
sealed class McpTools(IServiceScopeFactory scopes, McpTargets targets, McpSessions sessions, McpExecutions executions, McpOptions options, TimeProvider time) : IMcpTools
{
    public async Task<McpAnswer> Call(McpCall call, CancellationToken ct)
    {
        await using var scope = Scope(call.TenantId, call.UserId);
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var (target, tool, error) = await targets.Find(db, call, ct);
        if (error is not null || target is null)
        {
            return new McpAnswer(null, error);
        }

        if (tool is null)
        {
            return new McpAnswer(null, McpFailures.ToolNotFound);
        }

        if (tool.Status != McpToolStatus.Accepted)
        {
            return new McpAnswer(null, McpFailures.NotAccepted(tool.Status));
        }

        var (started, from) = (time.GetUtcNow(), time.GetTimestamp());
        using var span = Telemetry.Source.StartActivity($"mcp {tool.Name}", ActivityKind.Client);
        span?.SetTag("mcp.server", target.Slug);
        var (answer, instance) = (new McpAnswer(null, null), (string?)null);
        try
        {
            (answer, instance) = await Ask(target, tool, call, scope.ServiceProvider, ct);
            return answer;
        }
        finally
        {
            span?.SetTag("error.type", answer.Error?.Code);
            // Also a call that nobody waits for any more was made.
            await executions.Write(db, call, target, tool, answer, instance, started, time.GetElapsedTime(from), CancellationToken.None);
        }
    }

    public async Task<McpListing> List(Guid tenantId, string server, Guid? userId, CancellationToken ct)
    {
        await using var scope = Scope(tenantId, userId);
        var call = new McpCall(tenantId, server, "", default, UserId: userId);
        var (target, _, error) = await targets.Find(scope.ServiceProvider.GetRequiredService<Db>(), call, ct);
        if (error is not null || target is null)
        {
            return Failed(error!);
        }

        var (offered, failed) = await WithSession(target, options.Patience, McpFailures.NoAnswer, (session, token) => session.Offer(fresh: true, token), ct);
        if (offered is null)
        {
            return Failed(target.Mask.Apply(failed!));
        }

        var noted = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new NoteMcpTools(target.ServerId, [.. offered.Tools.Values]), ct);
        return noted.IsOk ? new McpListing(offered.Tools.Count, noted.Value, offered.Ignored, null) : Failed(McpFailures.ServerNotFound);

        static McpListing Failed(SkillError error) => new(0, 0, 0, error);
    }

    async Task<(McpAnswer Answer, string? Instance)> Ask(McpTarget target, McpPinnedTool tool, McpCall call, IServiceProvider services, CancellationToken ct)
    {
        string? instance = null;
        var (offered, unlisted) = await WithSession(target, options.Patience, McpFailures.NoAnswer, (session, token) => session.Offer(fresh: false, token), ct);
        if (offered is null)
        {
            return (new McpAnswer(null, target.Mask.Apply(unlisted!)), null);
        }

        var offeredHash = offered.Tools.TryGetValue(tool.Name, out var live) ? live.Hash : null;
        if (offeredHash != tool.AcceptedHash)
        {
            await services.GetRequiredService<IMediator>().Send(new NoteMcpTools(target.ServerId, [.. offered.Tools.Values]), ct);
            return (new McpAnswer(null, McpFailures.NotAccepted(McpToolStatus.Of(offeredHash, tool.AcceptedHash))), null);
        }

        var limit = target.Limits.Timeout;
        var (result, failed) = await WithSession(target, limit, McpFailures.Timeout(limit), (session, token) =>
        {
            instance = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{session.Instance}");
            return session.Call(tool.Name, call.Arguments, token);
        }, ct);
        return (result is null ? new McpAnswer(null, target.Mask.Apply(failed!)) : McpResults.Of(result, target), instance);
    }

    /// <summary>Does one thing with a connection, within a time; a connection that fails is not used again.</summary>
    async Task<(T? Result, SkillError? Error)> WithSession<T>(
        McpTarget target, TimeSpan limit, SkillError late, Func<McpSession, CancellationToken, Task<T>> what, CancellationToken ct)
        where T : class
    {
        var (use, unconnected) = await sessions.Get(target, ct);
        if (use is null)
        {
            return (null, unconnected);
        }

        using (use)
        {
            var session = use.Session;
            using var timer = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token, session.Fault.Broken);
            try
            {
                return (await what(session, either.Token).WaitAsync(either.Token), null);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                var error = session.Fault.Error ?? (timer.IsCancellationRequested ? late : McpFailures.Wanting(McpFailures.From(e), session.Wanted));
                // Others may be in the middle of a call that goes well; whoever is alone with a connection that failed closes it.
                if (e is not ModelContextProtocol.McpProtocolException && (session.Fault.Error is not null || session.IsAlone))
                {
                    await session.DisposeAsync();
                }

                return (null, error);
            }
        }
    }

    AsyncServiceScope Scope(Guid tenantId, Guid? userId)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, tenantId, userId, PermissionSet.None);
        return scope;
    }
}
