using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>Sends a run a named signal. It is stored before this answers, and kept until a <c>wait</c> of that name takes it: it may come before the run waits.</summary>
/// <param name="Name">1 to 128 of letters, digits, <c>_</c>, <c>.</c> and <c>-</c>.</param>
/// <param name="Payload">What the wait gives as its output; at most 256 KiB, null when there is nothing to say.</param>
[Requires("runs:execute")]
public sealed partial record SendSignal(Guid RunId, string Name, JsonElement? Payload = null) : ICommand<SignalView>, IValidate
{
    public IEnumerable<FieldError> Validate() => NamePattern().IsMatch(Name)
        ? ControlRules.CheckPayload(Payload)
        : [new FieldError("", "invalid_signal_name", "A signal's name has 1 to 128 letters, digits, underscores, dots and hyphens.")];

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

public sealed record SignalView(Guid Id, Guid RunId, string Name, DateTimeOffset CreatedAt);

file sealed class Handler(ISignals signals, IAudit audit, TimeProvider time) : IRequestHandler<SendSignal, Result<SignalView>>
{
    static readonly JsonElement Nothing = JsonDocument.Parse("null").RootElement;

    public async Task<Result<SignalView>> Handle(SendSignal request, CancellationToken cancellationToken)
    {
        var sent = await signals.Send(Guid.CreateVersion7(time.GetUtcNow()), request.RunId, request.Name, request.Payload ?? Nothing, cancellationToken);
        if (sent.IsOk)
        {
            audit.Record("run.signaled", "run", request.RunId.ToString(), after: new { request.Name, Signal = sent.Value.Id });
        }

        return sent;
    }
}
