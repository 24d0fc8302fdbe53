using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>Starts a run by hand or by program. It is stored durably before this answers. No command: the engine's group commit is its transaction.</summary>
/// <param name="Agent">Id or slug.</param>
/// <param name="Version">Semantic version or id; the latest when not given.</param>
/// <param name="IdempotencyKey">1 to 255 printable characters: a repeat answers the same run, another request with it is refused.</param>
/// <param name="Priority">-100 to 100; higher ones leave the queue first.</param>
[Requires("runs:execute")]
public sealed record StartRun(
    string Agent, JsonElement? Input = null, string? Version = null, string? IdempotencyKey = null, int? Priority = null, DateTimeOffset? Deadline = null, Guid? TriggerId = null)
    : IRequest<Result<StartedRun>>, IValidate
{
    public IEnumerable<FieldError> Validate()
    {
        if (Priority is < -100 or > 100)
        {
            yield return new FieldError("/priority", "out_of_range", "A priority is -100 to 100.");
        }

        if (IdempotencyKey is { } key && (key.Length is 0 or > 255 || key.Any(c => c is <= ' ' or > '~')))
        {
            yield return new FieldError("/idempotency_key", "invalid_idempotency_key", "An idempotency key has 1 to 255 printable ASCII characters.");
        }
    }
}

/// <summary>A run that is stored. It will end, whatever crashes in between.</summary>
/// <param name="IsReplay">The run was started by an earlier request with the same idempotency key.</param>
/// <param name="Responded">Completes with the output of its <c>respond</c> node (UTF-8 JSON) when this node executes the run and its graph has one; else null.</param>
/// <param name="Finished">Completes with the committed end when this node executes the run; null when it waits in the queue.</param>
public sealed record StartedRun(Guid Id, bool IsReplay, Task? Finished, Task<byte[]>? Responded = null)
{
    /// <summary>No run was made: the trigger skips what comes while as many runs as may go on do. <see cref="Id"/> means nothing then.</summary>
    public bool IsSkipped { get; init; }
}
