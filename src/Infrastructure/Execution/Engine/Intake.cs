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
sealed class Intake(DataSources sources, NodeLease lease, RunSlots slots, DbClock clock, ILogger<Intake> log) : IAsyncDisposable
{
    /// <summary>Keys of webhook deliveries and of API calls are remembered for longer than any sender repeats.</summary>
    const string Insert = """
        with given as (
          select * from unnest(@tenants, @ids, @agents, @versions, @triggers, @sources, @priorities, @inputs, @creators, @deadlines, @steps, @leased, @scopes, @keys, @hashes)
            as g (tenant_id, id, agent_id, version_id, trigger_id, source, priority, input, created_by, deadline_at, steps, leased, scope, key, hash)
        ), claimed as (
          insert into execution.idempotency_keys (tenant_id, scope, key, request_hash, run_id, expires_at)
          select tenant_id, scope, key, hash, id, now() + interval '7 days' from given where key is not null order by tenant_id, scope, key
          on conflict do nothing
          returning run_id
        ), fresh as materialized (
          select * from given where key is null or id in (select run_id from claimed)
        ), stored as (
          insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_id, trigger_source, status, priority, input, created_by, deadline_at, steps_total, attempt, started_at)
          select tenant_id, id, agent_id, version_id, trigger_id, source, case when leased then 'running' else 'queued' end, priority, input, created_by, deadline_at, steps,
            leased::int, case when leased then now() end from fresh
        ), queued as (
          insert into execution.run_queue (tenant_id, run_id, priority, attempt, lease_owner)
          select tenant_id, id, priority, leased::int, case when leased then @node end from fresh
        ), told as (
          select pg_notify('runs_queued', '') from fresh where not leased limit 1
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

    public void Open() => writer = new GroupCommit<NewRun, IntakeAnswer>(Store, maxBatch: 256, capacity: 20_000, writers: 1, log);

    public int Waiting => writer?.Waiting ?? 0;

    /// <returns>False when too many runs wait to be stored: the caller answers 429.</returns>
    public bool TryAccept(NewRun run, out Task<IntakeAnswer> answer) => Writer.TryWrite(run, out answer);

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }
    }

    async Task<IReadOnlyList<IntakeAnswer>> Store(IReadOnlyList<NewRun> batch, CancellationToken ct)
    {
        var node = lease.Current;
        var firsts = FirstOfEachKey(batch);
        var leased = slots.Take(batch.Count);
        var taken = 0;
        try
        {
            var stored = await InsertAll(firsts, node, leased, ct);
            var answers = new IntakeAnswer[batch.Count];
            var existing = stored.Count == batch.Count ? null : await ReadExisting(batch.Where(run => !stored.Contains(run.RunId)), ct);
            for (var i = 0; i < answers.Length; i++)
            {
                var run = batch[i];
                if (stored.Contains(run.RunId))
                {
                    var execution = IndexIn(firsts, run, i) < leased ? Execution(run, node) : null;
                    taken += execution is null ? 0 : 1;
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
            slots.Release(leased - taken);
        }
    }

    RunExecution Execution(NewRun run, NodeIdentity node) =>
        new(run.Plan, run.RunId, attempt: 1, node, run.InputValue, clock.Now, SourceText(run.Source), clock, run.Deadline);

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

    /// <summary>Usually the list is the batch itself, so the place is the same.</summary>
    static int IndexIn(List<NewRun> firsts, NewRun run, int hint) =>
        hint < firsts.Count && ReferenceEquals(firsts[hint], run) ? hint : firsts.IndexOf(run);

    async Task<HashSet<Guid>> InsertAll(List<NewRun> runs, NodeIdentity node, int leased, CancellationToken ct)
    {
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Insert, connection);
        var columns = new Columns(command.Parameters, runs.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => runs[i].Plan.TenantId);
        columns.Add("ids", NpgsqlDbType.Uuid, i => runs[i].RunId);
        columns.Add("agents", NpgsqlDbType.Uuid, i => runs[i].Plan.AgentId);
        columns.Add("versions", NpgsqlDbType.Uuid, i => runs[i].Plan.VersionId);
        columns.Add("triggers", NpgsqlDbType.Uuid, i => runs[i].TriggerId);
        columns.Add("sources", NpgsqlDbType.Text, i => SourceText(runs[i].Source));
        columns.Add("priorities", NpgsqlDbType.Smallint, i => runs[i].Priority);
        columns.Add("inputs", NpgsqlDbType.Json, i => runs[i].Input);
        columns.Add("creators", NpgsqlDbType.Uuid, i => runs[i].CreatedBy);
        columns.Add("deadlines", NpgsqlDbType.TimestampTz, i => runs[i].Deadline?.UtcDateTime);
        columns.Add("steps", NpgsqlDbType.Integer, i => runs[i].Plan.Graph.Nodes.Count);
        columns.Add("leased", NpgsqlDbType.Boolean, i => i < leased);
        columns.Add("scopes", NpgsqlDbType.Text, i => runs[i].Key?.Scope);
        columns.Add("keys", NpgsqlDbType.Text, i => runs[i].Key?.Key);
        columns.Add("hashes", NpgsqlDbType.Bytea, i => runs[i].Key?.RequestHash);
        command.Parameters.AddWithValue("node", node.Id);
        var stored = new HashSet<Guid>(runs.Count);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            stored.Add(reader.GetGuid(0));
        }

        return stored;
    }

    async Task<Dictionary<(Guid, string, string), (Guid? RunId, byte[] Hash)>> ReadExisting(IEnumerable<NewRun> replays, CancellationToken ct)
    {
        var asked = replays.ToList();
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Existing, connection);
        var columns = new Columns(command.Parameters, asked.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => asked[i].Plan.TenantId);
        columns.Add("scopes", NpgsqlDbType.Text, i => asked[i].Key!.Scope);
        columns.Add("keys", NpgsqlDbType.Text, i => asked[i].Key!.Key);
        var found = new Dictionary<(Guid, string, string), (Guid?, byte[])>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
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

    static string SourceText(RunSource source) => source is RunSource.Webhook ? "webhook" : "manual";
}
