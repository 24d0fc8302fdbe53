using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <param name="Input">JSON null takes the mapping away.</param>
/// <param name="Version">A semantic version or id; <c>latest</c> takes the pin away.</param>
/// <param name="Seen">The version that the caller edits (<c>If-Match</c>).</param>
[Requires("triggers:write")]
public sealed record UpdateTrigger(Guid Id, string? Name = null, JsonElement? Input = null, string? Version = null, DateTimeOffset? Seen = null, FlowChange? Flow = null)
    : ICommand<TriggerView>, IValidate
{
    public IEnumerable<FieldError> Validate()
    {
        if (Name is { Length: 0 or > 255 })
        {
            yield return new FieldError("/name", "length", "A name has 1 to 255 characters.");
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

        if (request.Input is { ValueKind: not JsonValueKind.Null } mapping && mappings.Check(mapping, "/input") is { Count: > 0 } faults)
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

        var input = request.Input is { } given ? (given.ValueKind is JsonValueKind.Null ? null : given) : before.Input;
        if (await triggers.Update(request.Id, new TriggerFields(request.Name ?? before.Name, input, version.Value, flow), request.Seen, cancellationToken) is not { } after)
        {
            return ETags.Stale;
        }

        audit.Record("trigger.updated", "trigger", request.Id.ToString(), before, after);
        return after;
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
