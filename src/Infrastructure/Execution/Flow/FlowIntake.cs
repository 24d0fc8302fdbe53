using AgentPlatform.Domain.Execution.Flow;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>
/// Where limited runs are accepted. They never start from here: they are stored behind their gates, and the nodes are told by the database.
/// Deciding about a run and storing it is one statement, so a skip, a rate or a debounce counts exactly the runs that exist.
/// </summary>
sealed class FlowIntake(DataSources sources, ILogger<FlowIntake> log) : IAsyncDisposable
{
    /// <summary>In the order of tenants and keys, so that two nodes never wait for each other.</summary>
    const string EnterSql = """
        with given as (
          select * from unnest(@tenants, @ids, @agents, @versions, @triggers, @sources, @priorities, @inputs, @creators, @api_keys, @deadlines, @steps, @scopes, @keys, @hashes,
              @configs, @parents, @roots, @lineages, @detached, @traces, @event_depths, @talks, @lines, @skips, @rates, @rate_limits, @rate_ms, @refuses, @debounces, @debounce_ms, @debounce_max,
              @agent_rates, @agent_limits, @agent_ms, @agent_refuses)
            as g (tenant_id, id, agent_id, version_id, trigger_id, source, priority, input, created_by, api_key_id, deadline_at, steps, scope, key, hash,
              config, parent_id, root_id, lineage, detached, trace_parent, event_depth, talk, lines, skip, rate, rate_limit, rate_ms, refuses, debounce, debounce_ms, debounce_max,
              agent_rate, agent_limit, agent_ms, agent_refuses)
        ), decided as materialized (
          select g.*, e.* from (select * from given order by tenant_id, scope, key, id) g
          cross join lateral execution.enter_flow(
            g.tenant_id, g.id, g.scope, g.key, g.hash, g.skip, g.rate, g.rate_limit, g.rate_ms, g.refuses, g.debounce, g.debounce_ms, g.debounce_max,
            g.agent_rate, g.agent_limit, g.agent_ms, g.agent_refuses) e
        ), stored as (
          insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_id, trigger_source, status, priority, input, created_by, api_key_id, deadline_at, steps_total,
            config, parent_run_id, root_run_id, lineage, depth, detached, trace_parent, event_depth, conversation_id)
          select tenant_id, id, agent_id, version_id, trigger_id, source, 'queued', priority, input, created_by, api_key_id, deadline_at, steps,
            config, parent_id, root_id, lineage::uuid[], coalesce(cardinality(lineage::uuid[]), 0), detached, trace_parent, event_depth, talk
          from decided where outcome = 'accepted'
        ), queued as (
          insert into execution.run_queue (tenant_id, run_id, priority, available_at, flow_keys, gate, deadline_at)
          select tenant_id, id, priority, coalesce(opens_at, now()), string_to_array(lines, ' '), case when opens_at > clock_timestamp() then 'time' end, deadline_at
          from decided where outcome = 'accepted'
        ), told as (
          select pg_notify('runs_queued', '') from decided where outcome = 'accepted' and lines is null limit 1
        )
        select id, outcome, retry_ms, (select count(*) from told) from decided
        """;

    const string ReplayedSql = """
        select g.id, k.run_id, k.request_hash
        from unnest(@ids, @tenants, @scopes, @keys) as g (id, tenant_id, scope, key)
        join execution.idempotency_keys k using (tenant_id, scope, key)
        """;

    GroupCommit<FlowRun, FlowAnswer>? writer;

    public void Open() => writer = new GroupCommit<FlowRun, FlowAnswer>(Store, maxBatch: 128, capacity: 20_000, log);

    /// <returns>False when too many runs wait to be stored: the caller answers 429.</returns>
    public bool TryAccept(FlowRun run, out Task<FlowAnswer> answer) =>
        (writer ?? throw new InvalidOperationException("The intake is not open.")).TryWrite(run, out answer);

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }
    }

    /// <summary>Two runs of one debounce key in one statement would not see each other: the later one waits for the next.</summary>
    IReadOnlyList<FlowAnswer> Store(IReadOnlyList<FlowRun> batch)
    {
        var answers = new Dictionary<Guid, FlowAnswer>();
        var rest = batch.ToList();
        while (rest.Count > 0)
        {
            var (now, later, seen) = (new List<FlowRun>(), new List<FlowRun>(), new HashSet<(Guid, string)>());
            foreach (var run in rest)
            {
                (run.Demand.DebounceKey is not { } key || seen.Add((run.Run.Plan.TenantId, key)) ? now : later).Add(run);
            }

            Enter(now, answers);
            rest = later;
        }

        return [.. batch.Select(run => answers[run.Run.RunId])];
    }

    void Enter(List<FlowRun> runs, Dictionary<Guid, FlowAnswer> answers)
    {
        using var connection = sources.Writer.OpenConnection();
        var replayed = new List<FlowRun>();
        using (var command = new NpgsqlCommand(EnterSql, connection))
        {
            Bind(new Columns(command.Parameters, runs.Count), runs);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var (id, outcome) = (reader.GetGuid(0), reader.GetString(1));
                answers[id] = new FlowAnswer(outcome, id, reader.GetValue(2) is long ms ? TimeSpan.FromMilliseconds(ms) : null);
                if (outcome == FlowAnswer.Replayed)
                {
                    replayed.Add(runs.Find(run => run.Run.RunId == id)!);
                }
            }
        }

        if (replayed.Count > 0)
        {
            ReadReplayed(connection, replayed, answers);
        }
    }

    static void Bind(Columns columns, List<FlowRun> runs)
    {
        columns.Add("tenants", NpgsqlDbType.Uuid, i => runs[i].Run.Plan.TenantId);
        columns.Add("ids", NpgsqlDbType.Uuid, i => runs[i].Run.RunId);
        columns.Add("agents", NpgsqlDbType.Uuid, i => runs[i].Run.Plan.AgentId);
        columns.Add("versions", NpgsqlDbType.Uuid, i => runs[i].Run.Plan.VersionId);
        columns.Add("triggers", NpgsqlDbType.Uuid, i => runs[i].Run.TriggerId);
        columns.Add("sources", NpgsqlDbType.Text, i => runs[i].Run.Source.ToText());
        columns.Add("priorities", NpgsqlDbType.Smallint, i => runs[i].Run.Priority);
        columns.Add("inputs", NpgsqlDbType.Json, i => runs[i].Run.Input);
        columns.Add("creators", NpgsqlDbType.Uuid, i => runs[i].Run.Asker.UserId);
        columns.Add("api_keys", NpgsqlDbType.Uuid, i => runs[i].Run.Asker.ApiKeyId);
        columns.Add("deadlines", NpgsqlDbType.TimestampTz, i => runs[i].Run.Deadline?.UtcDateTime);
        columns.Add("steps", NpgsqlDbType.Integer, i => runs[i].Run.Plan.Graph.Nodes.Count);
        columns.Add("scopes", NpgsqlDbType.Text, i => runs[i].Run.Key?.Scope);
        columns.Add("keys", NpgsqlDbType.Text, i => runs[i].Run.Key?.Key);
        columns.Add("hashes", NpgsqlDbType.Bytea, i => runs[i].Run.Key?.RequestHash);
        columns.Add("configs", NpgsqlDbType.Json, i => runs[i].Run.Plan.ConfigJson);
        columns.Add("parents", NpgsqlDbType.Uuid, i => runs[i].Run.Family?.ParentRunId);
        columns.Add("roots", NpgsqlDbType.Uuid, i => runs[i].Run.Family?.RootRunId);
        columns.Add("lineages", NpgsqlDbType.Text, i => runs[i].Run.Family is { } family ? $"{{{string.Join(',', family.Lineage)}}}" : null);
        columns.Add("detached", NpgsqlDbType.Boolean, i => runs[i].Run.Family?.IsDetached ?? false);
        columns.Add("traces", NpgsqlDbType.Text, i => runs[i].Run.TraceParent);
        columns.Add("event_depths", NpgsqlDbType.Smallint, i => runs[i].Run.EventDepth);
        columns.Add("talks", NpgsqlDbType.Uuid, i => runs[i].Run.Asker.ConversationId);
        columns.Add("lines", NpgsqlDbType.Text, i => runs[i].Lines);
        columns.Add("skips", NpgsqlDbType.Text, i => runs[i].Demand.Skips ? runs[i].Demand.Line : null);
        columns.Add("rates", NpgsqlDbType.Text, i => runs[i].Demand.RateKey);
        columns.Add("rate_limits", NpgsqlDbType.Integer, i => runs[i].Demand.RateLimit?.Limit);
        columns.Add("rate_ms", NpgsqlDbType.Bigint, i => runs[i].Demand.RateLimit?.PerSeconds * 1000L);
        columns.Add("refuses", NpgsqlDbType.Boolean, i => runs[i].Demand.RateLimit?.Over is RateLimit.Refuse);
        columns.Add("debounces", NpgsqlDbType.Text, i => runs[i].Demand.DebounceKey);
        columns.Add("debounce_ms", NpgsqlDbType.Bigint, i => runs[i].Demand.DebounceMs);
        columns.Add("debounce_max", NpgsqlDbType.Bigint, i => runs[i].Demand.DebounceMaxMs);
        columns.Add("agent_rates", NpgsqlDbType.Text, i => runs[i].Run.Plan.Queue.Rate?.Key);
        columns.Add("agent_limits", NpgsqlDbType.Integer, i => runs[i].Run.Plan.Queue.Rate?.Limit);
        columns.Add("agent_ms", NpgsqlDbType.Bigint, i => runs[i].Run.Plan.Queue.Rate?.Milliseconds);
        // A child belongs to what was accepted before: it waits for its turn.
        columns.Add("agent_refuses", NpgsqlDbType.Boolean, i => runs[i].Run is { Family: null, Plan.Queue.Rate.Queues: false });
    }

    static void ReadReplayed(NpgsqlConnection connection, List<FlowRun> replayed, Dictionary<Guid, FlowAnswer> answers)
    {
        using var command = new NpgsqlCommand(ReplayedSql, connection);
        var columns = new Columns(command.Parameters, replayed.Count);
        columns.Add("ids", NpgsqlDbType.Uuid, i => replayed[i].Run.RunId);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => replayed[i].Run.Plan.TenantId);
        columns.Add("scopes", NpgsqlDbType.Text, i => replayed[i].Run.Key!.Scope);
        columns.Add("keys", NpgsqlDbType.Text, i => replayed[i].Run.Key!.Key);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var asked = replayed.Find(run => run.Run.RunId == reader.GetGuid(0))!;
            var isSame = ((byte[])reader.GetValue(2)).AsSpan().SequenceEqual(asked.Run.Key!.RequestHash);
            answers[asked.Run.RunId] = reader.GetValue(1) is Guid first && isSame
                ? new FlowAnswer(FlowAnswer.Replayed, first, null)
                : new FlowAnswer(FlowAnswer.KeyReused, default, null);
        }
    }
}

/// <summary>A limited run on its way into the database.</summary>
/// <param name="Lines">Its lines with spaces between them; null when it stands in none.</param>
sealed record FlowRun(NewRun Run, FlowDemand Demand, string? Lines);

/// <param name="RetryAfter">When a refused run may be sent again.</param>
sealed record FlowAnswer(string Outcome, Guid RunId, TimeSpan? RetryAfter)
{
    public const string Accepted = "accepted";
    public const string Replayed = "replayed";
    public const string Skipped = "skipped";
    public const string Refused = "refused";
    public const string KeyReused = "key_reused";
}
