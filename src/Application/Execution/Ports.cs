using System.Text.Json;
using AgentPlatform.Domain.Execution.Flow;
using AgentPlatform.Domain.Execution.Webhooks;

namespace AgentPlatform.Application.Execution;

/// <summary>Triggers of the caller's tenant. Every change is told to all nodes, which drop what they cached of them.</summary>
interface ITriggers
{
    Task<TriggerView?> Find(Guid id, CancellationToken ct);

    /// <summary>The database's clock, by which schedules fire.</summary>
    Task<DateTimeOffset> Now(CancellationToken ct);

    /// <returns>False when the path is taken.</returns>
    Task<bool> Add(NewTrigger trigger, CancellationToken ct);

    /// <returns>Null when the trigger changed since <paramref name="seen"/>.</returns>
    Task<TriggerView?> Update(Guid id, TriggerFields fields, DateTimeOffset? seen, CancellationToken ct);

    /// <param name="nextFireAt">For a schedule that has no next time; one that has keeps it, and what was missed meanwhile is its misfire policy's affair.</param>
    Task<TriggerView?> SetEnabled(Guid id, bool isEnabled, DateTimeOffset? nextFireAt, CancellationToken ct);

    /// <summary>The secret in force becomes the previous one and is accepted until it expires.</summary>
    Task<TriggerView?> RotateSecret(Guid id, byte[] key, TimeSpan grace, CancellationToken ct);

    Task<bool> Delete(Guid id, CancellationToken ct);
}

/// <param name="Schedule">Null leaves the schedule as it is.</param>
sealed record TriggerFields(string Name, JsonElement? Input, Guid? VersionId, FlowSettings Flow, Schedule? Schedule = null, string? Topic = null);

/// <param name="Key">The signing key in clear; the store seals it.</param>
sealed record NewTrigger(Guid Id, Guid AgentId, string Kind, TriggerFields Fields, string? Path, SignatureScheme? Signature, byte[]? Key, Guid? CreatedBy);

/// <summary>Checks the expressions of a trigger's flow settings.</summary>
interface IFlowKeys
{
    /// <returns>The faults; none when every key compiles and reads only <c>input</c>.</returns>
    IReadOnlyList<Domain.Shared.FieldError> Check(FlowSettings settings);
}

/// <summary>Checks a trigger's input mapping where the agent's author can still see it.</summary>
interface IInputMappings
{
    /// <param name="kind">The trigger's: a delivery, a schedule and an event have different things to read.</param>
    /// <returns>The faults, with pointers below <paramref name="pointer"/>; none when the mapping compiles and reads only what there is.</returns>
    IReadOnlyList<Domain.Shared.FieldError> Check(JsonElement mapping, string kind, string pointer);
}
