using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Execution;

[Requires("runs:read")]
public sealed record GetApproval(Guid Id) : IQuery<ApprovalView>;
