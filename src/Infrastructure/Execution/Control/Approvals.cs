using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Control;

static class ApprovalSql
{
    public const string Columns = """
        id, run_id, path, node_id, title, payload::text, assignee_user_id, assignee_team_id, status, edited_payload::text, decided_by, decided_at, comment, expires_at,
        created_at, updated_at
        """;

    public const string One = $"select {Columns} from execution.approvals where tenant_id = @tenant and id = @id";
}

sealed class Approvals(Db db, CallContext call) : IApprovals
{
    /// <summary>The order in which everybody locks: queue row, run, approval. Where there is no row the run has ended.</summary>
    const string LockSql = "select run_id from execution.run_queue where tenant_id = @tenant and run_id = @run for no key update";

    const string DecideSql = $"""
        update execution.approvals
        set status = @status, edited_payload = @payload::json, comment = @comment, decided_by = @user, decided_at = now(), updated_at = now()
        where tenant_id = @tenant and id = @id and status = 'pending' and (expires_at is null or expires_at > now())
        returning {ApprovalSql.Columns}
        """;

    const string RingSql = "select execution.ring(@tenant, @run)";

    public Task<ApprovalView?> Find(Guid id, CancellationToken ct) => db.One<ApprovalView>(ApprovalSql.One, new { tenant = call.Tenant, id }, ct);

    public async Task<ApprovalView?> Decide(ApprovalView pending, bool approve, string? comment, JsonElement? payload, CancellationToken ct)
    {
        if (await db.One<Guid?>(LockSql, new { tenant = call.Tenant, run = pending.RunId }, ct) is null)
        {
            return null;
        }

        var args = new
        {
            tenant = call.Tenant,
            id = pending.Id,
            status = approve ? "approved" : "rejected",
            payload = payload?.GetRawText(),
            comment,
            user = call.UserId,
        };
        var decided = await db.One<ApprovalView>(DecideSql, args, ct);
        if (decided is not null)
        {
            await db.Query<string>(RingSql, new { tenant = call.Tenant, run = pending.RunId }, ct);
        }

        return decided;
    }
}

file sealed class Get(Db db, CallContext call) : IRequestHandler<GetApproval, Result<ApprovalView>>
{
    public async Task<Result<ApprovalView>> Handle(GetApproval request, CancellationToken cancellationToken) =>
        await db.One<ApprovalView>(ApprovalSql.One, new { tenant = call.Tenant, id = request.Id }, cancellationToken) is { } view ? view : ExecutionErrors.ApprovalNotFound;
}

file sealed class List(Db db, CallContext call, IMediator mediator) : IRequestHandler<ListApprovals, Result<Page<ApprovalView>>>
{
    const string Sql = $"""
        select {ApprovalSql.Columns} from execution.approvals
        where tenant_id = @tenant and (@status::text is null or status = @status) and (@run::uuid is null or run_id = @run)
          and (not @mine or assignee_user_id = @user or assignee_team_id = any(@teams))
          and (@before::uuid is null or id < @before)
        order by id desc limit @limit
        """;

    public async Task<Result<Page<ApprovalView>>> Handle(ListApprovals request, CancellationToken cancellationToken)
    {
        var before = IdCursor.Decode(call.Tenant, "approvals", request.Page.Cursor);
        if (!before.IsOk)
        {
            return before.Error;
        }

        var teams = request.Mine ? await mediator.Send(new GetOwnTeams(), cancellationToken) : Result<IReadOnlyList<Guid>>.Ok([]);
        if (!teams.IsOk)
        {
            return teams.Error;
        }

        var args = new
        {
            tenant = call.Tenant,
            status = request.Status,
            run = request.Run,
            mine = request.Mine,
            user = call.UserId,
            teams = teams.Value.ToArray(),
            before = before.Value,
            limit = request.Page.Size + 1,
        };
        var rows = await db.Query<ApprovalView>(Sql, args, cancellationToken);
        return Page<ApprovalView>.Of(rows, request.Page.Size, last => IdCursor.Encode(call.Tenant, "approvals", last.Id));
    }
}
