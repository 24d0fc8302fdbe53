using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Schedules;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

file sealed class Handler(ITriggers triggers, InputMappings mappings, IMediator mediator, TimeProvider time) : IRequestHandler<FireTrigger, Result<StartedRun>>
{
    static readonly JsonElement NoInput = JsonDocument.Parse("{}").RootElement;

    public async Task<Result<StartedRun>> Handle(FireTrigger request, CancellationToken cancellationToken)
    {
        if (await triggers.Find(request.Id, cancellationToken) is not { } trigger)
        {
            return ExecutionErrors.TriggerNotFound;
        }

        var input = await Input(trigger, request.Input, cancellationToken);
        return input.IsOk
            ? await mediator.Send(new StartRun(trigger.AgentId.ToString(), input.Value, trigger.VersionId?.ToString(), TriggerId: trigger.Id), cancellationToken)
            : input.Error;
    }

    /// <summary>What is given takes the place of a delivery's body or an event's data; a schedule fires as if it were due now, or with just that as its input.</summary>
    async Task<Result<JsonElement>> Input(TriggerView trigger, JsonElement? given, CancellationToken ct)
    {
        if (trigger.Kind is "schedule" && given is { } own)
        {
            return own;
        }

        if (trigger.Kind is "webhook" or "manual" && trigger.Input is null)
        {
            return given ?? NoInput;
        }

        var body = Datum.From(given ?? NoInput);
        var now = trigger.Kind is "schedule" ? await triggers.Now(ct) : default;
        var scope = trigger.Kind switch
        {
            "schedule" => ScheduleScope.Of(now, now, trigger.Id, trigger.Name),
            "event" => EventScope.Of(Guid.CreateVersion7(time.GetUtcNow()), trigger.Topic!, time.GetUtcNow(), body, Datum.Null),
            _ => Datum.FromObject(new DeliveryScope(body, () => [], () => [])),
        };
        try
        {
            return (trigger.Input is { } mapping ? mappings.Compile(mapping).Evaluate(scope, ct) : scope).ToJsonElement();
        }
        catch (ExpressionException e)
        {
            return Error.Invalid("", "input_mapping_failed", $"The trigger's input mapping failed: {e.Error.Message}");
        }
    }
}
