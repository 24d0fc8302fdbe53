using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Execution;

[Requires("triggers:read")]
public sealed record GetTrigger(Guid Id) : IQuery<TriggerView>;
