using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>Cancels or replays every run that the filter finds, in the background and in batches; it goes on after a restart.</summary>
/// <param name="Action">cancel or replay.</param>
/// <param name="Reason">Of a cancel: shown as the runs' error message.</param>
[Requires("runs:write")]
public sealed record StartBulk(string Action, BulkFilter Filter, string? Reason = null) : ICommand<BulkView>, IValidate
{
    /// <summary>An operation that finds more runs than this does nothing and fails.</summary>
    public const int MaxRuns = 100_000;

    static readonly string[] Open = ["queued", "running", "waiting", "paused"];

    static readonly string[] Final = ["succeeded", "failed", "canceled"];

    public IEnumerable<FieldError> Validate()
    {
        var statuses = Action == "cancel" ? Open : Final;
        if (Filter.Status is { } status && !statuses.Contains(status, StringComparer.Ordinal))
        {
            yield return new FieldError("/filter/status", "unknown_status", $"To {Action}, a status is one of {string.Join(", ", statuses)}.");
        }

        if (Filter.ErrorCode is { Length: 0 or > 128 })
        {
            yield return new FieldError("/filter/error_code", "length", "An error code has 1 to 128 characters.");
        }

        if (Filter == new BulkFilter())
        {
            // Everything a tenant ever ran is never what somebody meant who left the filter out.
            yield return new FieldError("/filter", "required", "Say at least one of agent, status, trigger, since, until and error_code.");
        }

        foreach (var fault in ControlRules.CheckReason(Reason))
        {
            yield return fault;
        }
    }
}

file sealed class Handler(IBulkOperations bulk, IMediator mediator, IAudit audit, TimeProvider time) : IRequestHandler<StartBulk, Result<BulkView>>
{
    public async Task<Result<BulkView>> Handle(StartBulk request, CancellationToken cancellationToken)
    {
        var filter = request.Filter;
        if (filter.Agent is { } name)
        {
            var agent = await mediator.Send(new GetAgentReference(name), cancellationToken);
            if (!agent.IsOk)
            {
                return agent.Error;
            }

            // By its id from here on: a slug may be another agent's by the time the last batch is done.
            filter = filter with { Agent = agent.Value.AgentId.ToString() };
        }

        var view = await bulk.Add(Guid.CreateVersion7(time.GetUtcNow()), request.Action, filter, request.Reason, cancellationToken);
        audit.Record($"run.bulk_{request.Action}_started", "bulk_operation", view.Id.ToString(), after: new { filter, request.Reason });
        return view;
    }
}
