using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>Fires a trigger by hand, whatever its kind: the given value takes the place of the delivery's body.</summary>
[Requires("runs:execute")]
public sealed record FireTrigger(Guid Id, JsonElement? Input = null) : IRequest<Result<StartedRun>>;
