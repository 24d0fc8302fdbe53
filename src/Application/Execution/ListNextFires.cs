using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>When a schedule fires next; a disabled one as if it were enabled.</summary>
/// <param name="Count">1 to 100; 10 when not given.</param>
[Requires("triggers:read")]
public sealed record ListNextFires(Guid Id, int? Count = null) : IQuery<CronPreview>, IValidate
{
    public IEnumerable<FieldError> Validate() => FireCount.Check(Count);
}

file sealed class Handler(ITriggers triggers, IMediator mediator) : IRequestHandler<ListNextFires, Result<CronPreview>>
{
    public async Task<Result<CronPreview>> Handle(ListNextFires request, CancellationToken cancellationToken) =>
        await triggers.Find(request.Id, cancellationToken) switch
        {
            null => ExecutionErrors.TriggerNotFound,
            { Cron: { } cron, TimeZone: { } zone } => await mediator.Send(new PreviewCron(cron, zone, request.Count), cancellationToken),
            _ => ExecutionErrors.NoSchedule,
        };
}
