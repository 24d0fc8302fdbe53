using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Engine;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

file sealed class Handler(ITriggers triggers, InputMappings mappings, IMediator mediator) : IRequestHandler<FireTrigger, Result<StartedRun>>
{
    static readonly JsonElement NoInput = JsonDocument.Parse("{}").RootElement;

    public async Task<Result<StartedRun>> Handle(FireTrigger request, CancellationToken cancellationToken)
    {
        if (await triggers.Find(request.Id, cancellationToken) is not { } trigger)
        {
            return ExecutionErrors.TriggerNotFound;
        }

        var input = Input(trigger, request.Input ?? NoInput);
        return input.IsOk
            ? await mediator.Send(new StartRun(trigger.AgentId.ToString(), input.Value, trigger.VersionId?.ToString(), TriggerId: trigger.Id), cancellationToken)
            : input.Error;
    }

    Result<JsonElement> Input(TriggerView trigger, JsonElement body)
    {
        if (trigger.Input is not { } mapping)
        {
            return body;
        }

        try
        {
            return mappings.Compile(mapping).Evaluate(Datum.FromObject(new DeliveryScope(Datum.From(body), () => [], () => []))).ToJsonElement();
        }
        catch (ExpressionException e)
        {
            return Error.Invalid("", "input_mapping_failed", $"The trigger's input mapping failed: {e.Error.Message}");
        }
    }
}
