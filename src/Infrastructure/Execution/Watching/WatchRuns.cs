using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Watching;

file sealed class Handler(RunFeeds feeds, CallContext call, IMediator mediator) : IRequestHandler<WatchRuns, Result<IAsyncEnumerable<ServerEvent>>>
{
    public async Task<Result<IAsyncEnumerable<ServerEvent>>> Handle(WatchRuns request, CancellationToken cancellationToken)
    {
        Guid? agent = null;
        if (request.Agent is not null)
        {
            var found = await mediator.Send(new GetAgentReference(request.Agent), cancellationToken);
            if (!found.IsOk)
            {
                return found.Error;
            }

            agent = found.Value.AgentId;
        }

        return feeds.TryWatch(call.Tenant, agent, request.LastEventId) is { } events
            ? Result<IAsyncEnumerable<ServerEvent>>.Ok(events)
            : ExecutionErrors.TooManyStreams;
    }
}
