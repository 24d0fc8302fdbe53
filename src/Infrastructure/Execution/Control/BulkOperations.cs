using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Control;

static class BulkSql
{
    public const string Columns = "id, action, filter, reason, status, total, done, failed, error, created_by, created_at, updated_at, finished_at";

    public const string One = $"select {Columns} from execution.bulk_operations where tenant_id = @tenant and id = @id";
}

sealed class BulkOperations(Db db, CallContext call, Replays replays) : IBulkOperations
{
    const string AddSql = $"""
        insert into execution.bulk_operations (tenant_id, id, action, filter, reason, created_by) values (@tenant, @id, @action, @filter::jsonb, @reason, @user)
        returning {BulkSql.Columns}
        """;

    const string CancelSql = $"""
        update execution.bulk_operations set status = 'canceled', finished_at = now(), updated_at = now() where tenant_id = @tenant and id = @id and finished_at is null
        returning {BulkSql.Columns}
        """;

    const string TakeSql = """
        select id, action, filter, reason, position, total from execution.bulk_operations
        where tenant_id = @tenant and id = @id and finished_at is null for update skip locked
        """;

    const string BeginSql = """
        update execution.bulk_operations set status = 'running', total = @total, updated_at = now() where tenant_id = @tenant and id = @id
        """;

    const string AdvanceSql = """
        update execution.bulk_operations
        set position = @position, done = done + @done, failed = failed + @failed, total = greatest(total, done + @done), updated_at = now()
        where tenant_id = @tenant and id = @id
        """;

    const string EndSql = """
        update execution.bulk_operations
        set status = case when @error::jsonb is null then 'done' else 'failed' end, error = @error::jsonb, total = case when @error::jsonb is null then done else total end,
          finished_at = now(), updated_at = now()
        where tenant_id = @tenant and id = @id
        """;

    const string Fits = """
        (@agent::uuid is null or r.agent_id = @agent) and (@trigger::uuid is null or r.trigger_id = @trigger)
          and (@status::text is null or r.status = @status) and (@error_code::text is null or r.error ->> 'code' = @error_code)
          and r.id > greatest(@position, coalesce(platform.uuid_v7_floor(@since), @position))
          and r.id < least(platform.uuid_v7_floor(@until), @before)
        """;

    /// <summary>What has not ended is in the queue, however much history there is.</summary>
    const string OpenRunsSql = $"""
        select r.id from execution.run_queue q join execution.runs r on r.tenant_id = q.tenant_id and r.id = q.run_id
        where q.tenant_id = @tenant and {Fits} order by r.id limit @count
        """;

    /// <summary>Of runs in conversations only those of the user's own: a run that runs again is the one's who asked for it, with everything that was said.</summary>
    const string FinalRunsSql = $"""
        select r.id from execution.runs r
        where r.tenant_id = @tenant and r.status in ('succeeded', 'failed', 'canceled') and (r.conversation_id is null or r.created_by = @user) and {Fits} order by r.id limit @count
        """;

    const string CountOpenSql = $"select count(*)::int from ({OpenRunsSql}) found";

    const string CountFinalSql = $"select count(*)::int from ({FinalRunsSql}) found";

    const string TellSql = "select pg_notify('chores', '')";

    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public async Task<BulkView> Add(Guid id, string action, BulkFilter filter, string? reason, CancellationToken ct)
    {
        var args = new { tenant = call.Tenant, id, action, filter = JsonSerializer.Serialize(filter, Json), reason, user = call.UserId };
        var added = (await db.One<BulkView>(AddSql, args, ct))!;
        await db.Query<string>(TellSql, ct: ct);
        return added;
    }

    public Task<BulkView?> Find(Guid id, CancellationToken ct) => db.One<BulkView>(BulkSql.One, new { tenant = call.Tenant, id }, ct);

    public Task<BulkView?> Cancel(Guid id, CancellationToken ct) => db.One<BulkView>(CancelSql, new { tenant = call.Tenant, id }, ct);

    public async Task<OpenBulk?> Take(Guid id, CancellationToken ct)
    {
        if (await db.One<Row>(TakeSql, new { tenant = call.Tenant, id }, ct) is not { } row)
        {
            return null;
        }

        var filter = row.Filter.Deserialize<BulkFilter>(Json)!;
        return new OpenBulk(row.Id, row.Action, filter, filter.Agent is null ? null : Guid.Parse(filter.Agent), row.Reason, row.Position, row.Total);
    }

    public Task<int> Count(OpenBulk bulk, int atMost, CancellationToken ct) =>
        db.One<int>(bulk.Action == "cancel" ? CountOpenSql : CountFinalSql, Args(bulk, atMost), ct);

    public Task<IReadOnlyList<Guid>> Next(OpenBulk bulk, int count, CancellationToken ct) =>
        db.Query<Guid>(bulk.Action == "cancel" ? OpenRunsSql : FinalRunsSql, Args(bulk, count), ct);

    public Task<int> Replay(IReadOnlyList<Guid> runs, CancellationToken ct) => replays.StartAll(runs, ct);

    public Task Begin(Guid id, int total, CancellationToken ct) => db.Execute(BeginSql, new { tenant = call.Tenant, id, total }, ct);

    public Task Advance(Guid id, Guid position, int done, int failed, CancellationToken ct) =>
        db.Execute(AdvanceSql, new { tenant = call.Tenant, id, position, done, failed }, ct);

    public Task End(Guid id, Error? error, CancellationToken ct)
    {
        var text = error is null ? null : JsonSerializer.Serialize(new { code = error.Code, message = error.Message });
        return db.Execute(EndSql, new { tenant = call.Tenant, id, error = text }, ct);
    }

    /// <summary>Only runs that were accepted before the operation: those that a replay makes are younger.</summary>
    object Args(OpenBulk bulk, int count) => new
    {
        tenant = call.Tenant,
        user = call.UserId,
        agent = bulk.AgentId,
        trigger = bulk.Filter.Trigger,
        status = bulk.Filter.Status,
        error_code = bulk.Filter.ErrorCode,
        since = bulk.Filter.Since?.UtcDateTime,
        until = bulk.Filter.Until?.UtcDateTime,
        position = bulk.Position,
        before = bulk.Id,
        count,
    };

    sealed record Row(Guid Id, string Action, JsonElement Filter, string? Reason, Guid Position, int? Total);
}

file sealed class Get(Db db, CallContext call) : IRequestHandler<GetBulk, Result<BulkView>>
{
    public async Task<Result<BulkView>> Handle(GetBulk request, CancellationToken cancellationToken) =>
        await db.One<BulkView>(BulkSql.One, new { tenant = call.Tenant, id = request.Id }, cancellationToken) is { } view ? view : ExecutionErrors.BulkNotFound;
}
