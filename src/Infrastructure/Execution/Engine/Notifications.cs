using AgentPlatform.Infrastructure.Execution.Control;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// One connection that listens: queued runs wake the claimer, changed triggers and agents drop what is cached of them.
/// What was told while the connection was down is lost, so every (re)connection drops all caches and looks at the queue.
/// </summary>
sealed class Notifications(DataSources sources, QueueSignal signal, ChoreSignal chores, ActiveRuns active, RunPlans plans, WebhookRoutes routes, FlowGate gate, IEnumerable<INotified> others, ILogger<Notifications> log)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Dictionary<string, INotified> keepers = others.ToDictionary(keeper => keeper.Topic, StringComparer.Ordinal);

    public async Task Listen(TaskCompletionSource ready, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(sources.ListenString);
                connection.Notification += (_, what) => Handle(what.Channel, what.Payload);
                await connection.OpenAsync(ct);
                await using (var listen = new NpgsqlCommand("listen runs_queued; listen flow_freed; listen run_control; listen agents_changed; listen triggers_changed; listen tenants_changed; listen chores; listen data_changed", connection))
                {
                    await listen.ExecuteNonQueryAsync(ct);
                }

                foreach (var keeper in keepers.Values)
                {
                    keeper.Lost();
                }

                plans.Clear();
                routes.Clear();
                signal.Wake();
                chores.Wake();
                ready.TrySetResult();
                while (true)
                {
                    await connection.WaitAsync(ct);
                }
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                log.LogWarning("The notification connection broke and is opened again: {Reason}", e.Message);
                await Task.Delay(Pause, ct);
            }
        }
    }

    /// <summary>Payloads are <c>tenant</c> or <c>tenant:id</c>.</summary>
    void Handle(string channel, string payload)
    {
        if (channel == "runs_queued")
        {
            signal.Wake();
        }
        else if (channel == "data_changed")
        {
            var topic = payload.Split(':')[0];
            if (keepers.TryGetValue(topic, out var keeper))
            {
                keeper.Told(payload[Math.Min(payload.Length, topic.Length + 1)..]);
            }
        }
        else if (channel == "run_control")
        {
            // Not ours, or not under way: whoever may claim it looks.
            if (Guid.TryParse(payload.AsSpan(payload.IndexOf(':', StringComparison.Ordinal) + 1), out var run) && active.Find(run) is { } execution)
            {
                execution.Mailbox.Ring();
            }
            else
            {
                signal.Wake();
            }
        }
        else if (channel == "flow_freed")
        {
            gate.Told(payload);
        }
        else if (channel == "chores")
        {
            chores.Wake();
        }
        else if (Guid.TryParse(payload.Split(':')[0], out var tenantId))
        {
            plans.Forget(tenantId);
            routes.Forget(tenantId);
            if (channel == "agents_changed" && Guid.TryParse(payload.AsSpan(payload.IndexOf(':', StringComparison.Ordinal) + 1), out var agentId))
            {
                gate.AgentChanged(tenantId, agentId);
            }
            else if (channel == "tenants_changed")
            {
                gate.TenantChanged(tenantId);
            }
        }
        else
        {
            log.LogWarning("Channel {Channel} told something that is no tenant: {Payload}", channel, payload);
        }
    }
}
