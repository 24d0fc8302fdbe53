using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Control;

sealed class Signals(Db db, CallContext call, IRunControl control) : ISignals
{
    /// <summary>What a run is sent is kept until it ends; without a bound one caller could fill the table through one run.</summary>
    const int MaxSignals = 10_000;

    /// <summary>With the row locked the run cannot end before the signal is stored; where there is no row it has ended.</summary>
    const string LockSql = "select run_id from execution.run_queue where tenant_id = @tenant and run_id = @run for no key update";

    const string CountSql = "select count(*)::int from (select from execution.run_signals where tenant_id = @tenant and run_id = @run limit @limit) sent";

    const string AddSql = """
        insert into execution.run_signals (tenant_id, id, run_id, name, payload, sent_by) values (@tenant, @id, @run, @name, @payload::json, @user)
        returning id, run_id, name, created_at
        """;

    const string RingSql = "select execution.ring(@tenant, @run)";

    static readonly Error TooMany = Error.Conflict("too_many_signals", $"A run takes at most {MaxSignals} signals.");

    public async Task<Result<SignalView>> Send(Guid id, Guid run, string name, JsonElement payload, CancellationToken ct)
    {
        if (await db.One<Guid?>(LockSql, new { tenant = call.Tenant, run }, ct) is null)
        {
            return await control.Refusal(run, ct);
        }

        if (await db.One<int>(CountSql, new { tenant = call.Tenant, run, limit = MaxSignals }, ct) == MaxSignals)
        {
            return TooMany;
        }

        var sent = await db.One<SignalView>(AddSql, new { tenant = call.Tenant, id, run, name, payload = payload.GetRawText(), user = call.UserId }, ct);
        await db.Query<string>(RingSql, new { tenant = call.Tenant, run }, ct);
        return sent!;
    }
}
