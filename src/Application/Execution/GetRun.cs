using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Execution;

[Requires("runs:read")]
public sealed record GetRun(Guid Id) : IQuery<RunView>;
