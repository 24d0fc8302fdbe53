using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Schedules;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <param name="Input">JSON null takes the mapping away.</param>
/// <param name="Version">A semantic version or id; <c>latest</c> takes the pin away.</param>
/// <param name="Cron">For schedules, as the two that follow; a changed one counts from now.</param>
/// <param name="Seen">The version that the caller edits (<c>If-Match</c>).</param>
[Requires("triggers:write")]
public sealed record UpdateTrigger(
    Guid Id,
    string? Name = null,
    JsonElement? Input = null,
    string? Version = null,
    string? Cron = null,
    string? TimeZone = null,
    string? Misfire = null,
    string? Topic = null,
    DateTimeOffset? Seen = null,
    FlowChange? Flow = null) : ICommand<TriggerView>, IValidate
{
    public IEnumerable<FieldError> Validate()
    {
        if (Name is { Length: 0 or > 255 })
        {
            yield return new FieldError("/name", "length", "A name has 1 to 255 characters.");
        }

        foreach (var fault in ScheduleRules.Check(Cron, TimeZone, Misfire))
        {
            yield return fault;
        }

        if (ScheduleRules.CheckTopic(Topic) is { } topic)
        {
            yield return topic;
        }
    }
}

file sealed class Handler(ITriggers triggers, IInputMappings mappings, IFlowKeys keys, IMediator mediator, IAudit audit) : IRequestHandler<UpdateTrigger, Result<TriggerView>>
{
    public async Task<Result<TriggerView>> Handle(UpdateTrigger request, CancellationToken cancellationToken)
    {
        if (await triggers.Find(request.Id, cancellationToken) is not { } before)
        {
            return ExecutionErrors.TriggerNotFound;
        }

        if (request.Input is { ValueKind: not JsonValueKind.Null } mapping && mappings.Check(mapping, before.Kind, "/input") is { Count: > 0 } faults)
        {
            return Error.Invalid(faults);
        }

        var flow = request.Flow?.Over(before.Flow()) ?? before.Flow();
        if (flow.Check().Concat(keys.Check(flow)).ToList() is { Count: > 0 } wrong)
        {
            return Error.Invalid(wrong);
        }

        var version = await Version(request, before, cancellationToken);
        if (!version.IsOk)
        {
            return version.Error;
        }

        var schedule = await Schedule(request, before, cancellationToken);
        if (!schedule.IsOk)
        {
            return schedule.Error;
        }

        var input = request.Input is { } given ? (given.ValueKind is JsonValueKind.Null ? null : given) : before.Input;
        var fields = new TriggerFields(request.Name ?? before.Name, input, version.Value, flow, schedule.Value, request.Topic ?? before.Topic);
        if (await triggers.Update(request.Id, fields, request.Seen, cancellationToken) is not { } after)
        {
            return ETags.Stale;
        }

        audit.Record("trigger.updated", "trigger", request.Id.ToString(), before, after);
        return after;
    }

    /// <returns>Null when nothing of it changes.</returns>
    async Task<Result<Schedule?>> Schedule(UpdateTrigger request, TriggerView before, CancellationToken ct)
    {
        if (request.Topic is not null && before.Kind is not "event")
        {
            return Error.Invalid("/topic", "only_for_events", "Only event triggers have a topic.");
        }

        if (request is { Cron: null, TimeZone: null, Misfire: null })
        {
            return Result<Schedule?>.Ok(null);
        }

        if (before is not { Kind: "schedule", Cron: { } cron, TimeZone: { } zone, Misfire: { } misfire })
        {
            return Error.Invalid(request.Cron is not null ? "/cron" : request.TimeZone is not null ? "/time_zone" : "/misfire", "only_for_schedules", "Only schedules have this.");
        }

        var policy = MisfirePolicies.Parse(request.Misfire ?? misfire)!.Value;
        if ((request.Cron ?? cron, request.TimeZone ?? zone) == (cron, zone) && before.NextFireAt is { } next)
        {
            return new Schedule(cron, zone, policy, next);
        }

        return ScheduleRules.Begin(request.Cron ?? cron, request.TimeZone ?? zone, policy, await triggers.Now(ct)).Map(begun => (Schedule?)begun);
    }

    async Task<Result<Guid?>> Version(UpdateTrigger request, TriggerView before, CancellationToken ct)
    {
        if (request.Version is null or "latest")
        {
            return Result<Guid?>.Ok(request.Version is null ? before.VersionId : null);
        }

        var agent = await mediator.Send(new GetAgentReference(before.AgentId.ToString(), request.Version), ct);
        return agent.IsOk ? agent.Value.VersionId : agent.Error;
    }
}
