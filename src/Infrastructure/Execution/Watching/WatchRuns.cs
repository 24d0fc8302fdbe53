using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Watching;

file sealed class Handler(RunFeeds feeds, CallContext call, IMediator mediator) : IRequestHandler<WatchRuns, Result<IAsyncEnumerable<ServerEvent>>>
{
    public async Task<Result<IAsyncEnumerable<ServerEvent>>> Handle(WatchRuns request, CancellationToken cancellationToken)
    {
        var agent = await mediator.AgentId(request.Agent, cancellationToken);
        if (!agent.IsOk)
        {
            return agent.Error;
        }

        return feeds.TryWatch(call.Tenant, new RunViewer(call.UserId, call.SeesAllTalks()), agent.Value, request.LastEventId) is { } events
            ? Result<IAsyncEnumerable<ServerEvent>>.Ok(events)
            : ExecutionErrors.TooManyStreams;
    }
}
