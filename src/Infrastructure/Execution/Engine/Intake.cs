using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Where runs are accepted: gathers what arrives while the last commit is under way and stores all of it in one statement.
/// While this node has free slots a run is stored as already leased to it and starts from memory, with no second round trip;
/// otherwise it waits in the queue and every node is told.
/// </summary>
sealed class Intake(DataSources sources, NodeLease lease, RunSlots slots, LastChances chances, DbClock clock, Backlog backlog, ILogger<Intake> log) : IAsyncDisposable
{
    /// <summary>Keys of webhook deliveries and of API calls are remembered for longer than any sender repeats.</summary>
    const string Insert = $"""
        with given as (
          select * from unnest(@tenants, @ids, @agents, @versions, @triggers, @sources, @priorities, @inputs, @creators, @api_keys, @deadlines, @steps, @statuses, @scopes, @keys, @hashes,
              @configs, @parents, @roots, @lineages, @detached, @outputs, @errors, @failed_nodes, @completed, @started, @finished, @traces, @event_depths, @talks)
            as g (tenant_id, id, agent_id, version_id, trigger_id, source, priority, input, created_by, api_key_id, deadline_at, steps, status, scope, key, hash,
              config, parent_id, root_id, lineage, detached, output, error, failed_node, completed, started_at, finished_at, trace_parent, event_depth, talk)
        ), claimed as (
          insert into execution.idempotency_keys (tenant_id, scope, key, request_hash, run_id, expires_at)
          select tenant_id, scope, key, hash, id, now() + interval '7 days' from given where key is not null order by tenant_id, scope, key
          on conflict do nothing
          returning run_id
        ), fresh as materialized (
          select * from given where key is null or id in (select run_id from claimed)
        ), stored as (
          insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_id, trigger_source, status, priority, input, created_by, api_key_id, deadline_at, steps_total, attempt,
            queued_at, started_at, finished_at, output, error, current_node, steps_completed, config, parent_run_id, root_run_id, lineage, depth, detached, trace_parent, event_depth, conversation_id)
          select tenant_id, id, agent_id, version_id, trigger_id, source, status, priority, input, created_by, api_key_id, deadline_at, steps, (status <> 'queued')::int,
            coalesce(started_at, now()), case when status = 'running' then now() else started_at end, finished_at, output, error, failed_node, completed,
            config, parent_id, root_id, lineage::uuid[], coalesce(cardinality(lineage::uuid[]), 0), detached, trace_parent, event_depth, talk
          from fresh
        ), queued as (
          insert into execution.run_queue (tenant_id, run_id, priority, attempt, lease_owner, deadline_at)
          select tenant_id, id, priority, (status = 'running')::int, case when status = 'running' then @node end, deadline_at from fresh where finished_at is null
        ), ended_steps as (
          insert into execution.run_steps ({StepColumns.Names})
          select {StepColumns.Names} from {StepColumns.RowSource}
          where (s.run_id in (select id from fresh)) is true
        ), changed as (
          insert into execution.run_changes (tenant_id, agent_id, statuses, run_ids)
          select tenant_id, agent_id,
            case status when 'queued' then array['queued'] when 'running' then array['queued', 'running'] else array['queued', 'running', status] end, array_agg(id)
          from fresh group by tenant_id, agent_id, status
        ), told as (
          select pg_notify('runs_queued', '') from fresh where status = 'queued' limit 1
        )
        select id, (select count(*) from told) from fresh
        """;

    const string Existing = """
        select k.tenant_id, k.scope, k.key, k.run_id, k.request_hash
        from unnest(@tenants, @scopes, @keys) as g (tenant_id, scope, key)
        join execution.idempotency_keys k using (tenant_id, scope, key)
        """;

    GroupCommit<NewRun, IntakeAnswer>? writer;

    GroupCommit<NewRun, IntakeAnswer> Writer => writer ?? throw new InvalidOperationException("The intake is not open.");

    public void Open() => writer = new GroupCommit<NewRun, IntakeAnswer>(Store, maxBatch: 256, capacity: 20_000, log);

    public int Waiting => writer?.Waiting ?? 0;

    /// <returns>False when too many runs wait to be stored: the caller answers 429.</returns>
    public bool TryAccept(NewRun run, out Task<IntakeAnswer> answer) => Writer.TryWrite(run, out answer);

    /// <summary>Waits for room: for what belongs to work that was accepted before.</summary>
    public Task<IntakeAnswer> Accept(NewRun run) => Writer.Write(run, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }
    }

    IntakeAnswer[] Store(IReadOnlyList<NewRun> batch)
    {
        var node = lease.Current;
        var firsts = FirstOfEachKey(batch);
        var leased = Lease(firsts);
        var taken = 0;
        try
        {
            var stored = InsertAll(firsts, node, leased);
            var answers = new IntakeAnswer[batch.Count];
            var existing = stored.Count == batch.Count ? null : ReadExisting(batch.Where(run => !stored.Contains(run.RunId)));
            for (var i = 0; i < answers.Length; i++)
            {
                var run = batch[i];
                if (stored.Contains(run.RunId))
                {
                    var execution = leased.Contains(run) ? Execution(run, node) : null;
                    if (execution is not null)
                    {
                        taken++;
                    }
                    else if (run.Ended is null)
                    {
                        backlog.Add(run.Plan.TenantId);
                    }

                    answers[i] = new IntakeAnswer(IntakeOutcome.Accepted, run.RunId, execution);
                }
                else
                {
                    answers[i] = Replay(run, existing!);
                }
            }

            return answers;
        }
        finally
        {
            slots.Release(leased.Count - taken);
        }
    }

    /// <summary>Those that begin here at once: as many as there are slots. What is over already needs none.</summary>
    HashSet<NewRun> Lease(List<NewRun> runs)
    {
        var waiting = runs.Count(Begins);
        var free = waiting == 0 || chances.AreOn ? 0 : slots.Take(waiting);
        return free == 0 ? [] : runs.Where(Begins).Take(free).ToHashSet<NewRun>(ReferenceEqualityComparer.Instance);

        // Behind what its tenant has in line already: so who sends much shares the slots as it shares the queue.
        bool Begins(NewRun run) => MayBegin(run) && !backlog.HasReady(run.Plan.TenantId);
    }

    static bool MayBegin(NewRun run) => run is { Ended: null, Plan.IsPaused: false };

    RunExecution Execution(NewRun run, NodeIdentity node) =>
        new(run.Plan, run.RunId, attempt: 1, node, new RunFacts(run.InputValue, clock.Now, run.Source.ToText(), run.Deadline, Family: run.Family, TraceParent: run.TraceParent, Asker: run.Asker), clock);

    /// <summary>Two runs with one key in one batch: the statement would store both, since neither sees the other's claim.</summary>
    static List<NewRun> FirstOfEachKey(IReadOnlyList<NewRun> batch)
    {
        HashSet<(Guid, string, string)>? seen = null;
        var firsts = new List<NewRun>(batch.Count);
        foreach (var run in batch)
        {
            if (run.Key is null || (seen ??= []).Add((run.Plan.TenantId, run.Key.Scope, run.Key.Key)))
            {
                firsts.Add(run);
            }
        }

        return firsts;
    }

    HashSet<Guid> InsertAll(List<NewRun> runs, NodeIdentity node, HashSet<NewRun> leased)
    {
        using var connection = sources.RunWriter.OpenConnection();
        using var command = new NpgsqlCommand(Insert, connection);
        var columns = new Columns(command.Parameters, runs.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => runs[i].Plan.TenantId);
        columns.Add("ids", NpgsqlDbType.Uuid, i => runs[i].RunId);
        columns.Add("agents", NpgsqlDbType.Uuid, i => runs[i].Plan.AgentId);
        columns.Add("versions", NpgsqlDbType.Uuid, i => runs[i].Plan.VersionId);
        columns.Add("triggers", NpgsqlDbType.Uuid, i => runs[i].TriggerId);
        columns.Add("sources", NpgsqlDbType.Text, i => runs[i].Source.ToText());
        columns.Add("priorities", NpgsqlDbType.Smallint, i => runs[i].Priority);
        columns.Add("inputs", NpgsqlDbType.Json, i => runs[i].Input);
        columns.Add("creators", NpgsqlDbType.Uuid, i => runs[i].Asker.UserId);
        columns.Add("api_keys", NpgsqlDbType.Uuid, i => runs[i].Asker.ApiKeyId);
        columns.Add("talks", NpgsqlDbType.Uuid, i => runs[i].Asker.ConversationId);
        columns.Add("deadlines", NpgsqlDbType.TimestampTz, i => runs[i].Deadline?.UtcDateTime);
        columns.Add("steps", NpgsqlDbType.Integer, i => runs[i].Plan.Graph.Nodes.Count);
        columns.Add("statuses", NpgsqlDbType.Text, i => runs[i].Ended?.Status.ToText() ?? (leased.Contains(runs[i]) ? "running" : "queued"));
        columns.Add("scopes", NpgsqlDbType.Text, i => runs[i].Key?.Scope);
        columns.Add("keys", NpgsqlDbType.Text, i => runs[i].Key?.Key);
        columns.Add("hashes", NpgsqlDbType.Bytea, i => runs[i].Key?.RequestHash);
        columns.Add("configs", NpgsqlDbType.Json, i => runs[i].Plan.ConfigJson);
        columns.Add("parents", NpgsqlDbType.Uuid, i => runs[i].Family?.ParentRunId);
        columns.Add("roots", NpgsqlDbType.Uuid, i => runs[i].Family?.RootRunId);
        columns.Add("lineages", NpgsqlDbType.Text, i => runs[i].Family is { } family ? $"{{{string.Join(',', family.Lineage)}}}" : null);
        columns.Add("detached", NpgsqlDbType.Boolean, i => runs[i].Family?.IsDetached ?? false);
        columns.Add("outputs", NpgsqlDbType.Json, i => runs[i].Ended?.Output);
        columns.Add("errors", NpgsqlDbType.Jsonb, i => runs[i].Ended?.Error);
        columns.Add("failed_nodes", NpgsqlDbType.Text, i => runs[i].Ended?.FailedNode);
        columns.Add("completed", NpgsqlDbType.Integer, i => runs[i].Ended?.StepsCompleted ?? 0);
        columns.Add("started", NpgsqlDbType.TimestampTz, i => runs[i].Ended?.Execution.StartedAt.UtcDateTime);
        columns.Add("event_depths", NpgsqlDbType.Smallint, i => runs[i].EventDepth);
        columns.Add("finished", NpgsqlDbType.TimestampTz, i => runs[i].Ended?.FinishedAt.UtcDateTime);
        columns.Add("traces", NpgsqlDbType.Text, i => runs[i].TraceParent);
        StepColumns.Add(command.Parameters, [.. runs.Where(run => run.Ended is not null).SelectMany(run => run.Ended!.Steps, (run, step) => (run.Ended!.Execution, step))]);
        command.Parameters.AddWithValue("node", node.Id);
        var stored = new HashSet<Guid>(runs.Count);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            stored.Add(reader.GetGuid(0));
        }

        return stored;
    }

    Dictionary<(Guid, string, string), (Guid? RunId, byte[] Hash)> ReadExisting(IEnumerable<NewRun> replays)
    {
        var asked = replays.ToList();
        using var connection = sources.Writer.OpenConnection();
        using var command = new NpgsqlCommand(Existing, connection);
        var columns = new Columns(command.Parameters, asked.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => asked[i].Plan.TenantId);
        columns.Add("scopes", NpgsqlDbType.Text, i => asked[i].Key!.Scope);
        columns.Add("keys", NpgsqlDbType.Text, i => asked[i].Key!.Key);
        var found = new Dictionary<(Guid, string, string), (Guid?, byte[])>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            found[(reader.GetGuid(0), reader.GetString(1), reader.GetString(2))] =
                (reader.GetValue(3) as Guid?, (byte[])reader.GetValue(4));
        }

        return found;
    }

    static IntakeAnswer Replay(NewRun run, Dictionary<(Guid, string, string), (Guid? RunId, byte[] Hash)> existing)
    {
        var (runId, hash) = existing[(run.Plan.TenantId, run.Key!.Scope, run.Key.Key)];
        return runId is { } id && hash.AsSpan().SequenceEqual(run.Key.RequestHash)
            ? new IntakeAnswer(IntakeOutcome.Replayed, id, null)
            : new IntakeAnswer(IntakeOutcome.KeyReused, default, null);
    }
}
