using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Execution;

[Requires("runs:read")]
public sealed record GetBulk(Guid Id) : IQuery<BulkView>;
