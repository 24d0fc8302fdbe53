using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

[Requires("triggers:write")]
public sealed record SetTriggerEnabled(Guid Id, bool IsEnabled) : ICommand<TriggerView>;

file sealed class Handler(ITriggers triggers, IAudit audit) : IRequestHandler<SetTriggerEnabled, Result<TriggerView>>
{
    public async Task<Result<TriggerView>> Handle(SetTriggerEnabled request, CancellationToken cancellationToken)
    {
        var next = request.IsEnabled ? await FirstTime(request.Id, cancellationToken) : null;
        if (await triggers.SetEnabled(request.Id, request.IsEnabled, next, cancellationToken) is not { } view)
        {
            return ExecutionErrors.TriggerNotFound;
        }

        audit.Record(request.IsEnabled ? "trigger.enabled" : "trigger.disabled", "trigger", request.Id.ToString());
        return view;
    }

    /// <summary>Of a schedule that was set aside because it could not be read, and can be now.</summary>
    async Task<DateTimeOffset?> FirstTime(Guid id, CancellationToken ct) =>
        await triggers.Find(id, ct) is { NextFireAt: null, Cron: { } cron, TimeZone: { } zone } && !ScheduleRules.Check(cron, zone, misfire: null).Any()
            ? ScheduleRules.Times(cron, zone).Next(await triggers.Now(ct))
            : null;
}
