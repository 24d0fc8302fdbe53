using System.Globalization;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>Does the next batch of a bulk operation. The batch and the place it came to commit together: no run is dealt with twice, none is left out.</summary>
/// <remarks>Answers whether there is more to do. Only the platform itself sends it, under the operation's tenant.</remarks>
[AllowAnonymousRequest]
sealed record AdvanceBulk(Guid Id) : ICommand<bool>;

file sealed class Handler(IBulkOperations bulk, IRunControl control) : IRequestHandler<AdvanceBulk, Result<bool>>
{
    const int Batch = 200;

    static readonly Error TooMany = Error.Conflict(
        "too_many_runs", string.Create(CultureInfo.InvariantCulture, $"The filter finds more than {StartBulk.MaxRuns} runs; nothing was done. Narrow it down."));

    public async Task<Result<bool>> Handle(AdvanceBulk request, CancellationToken cancellationToken)
    {
        if (await bulk.Take(request.Id, cancellationToken) is not { } open)
        {
            return false;
        }

        if (open.Total is null)
        {
            return await Begin(open, cancellationToken);
        }

        var runs = await bulk.Next(open, Batch, cancellationToken);
        if (runs.Count == 0)
        {
            await bulk.End(open.Id, null, cancellationToken);
            return false;
        }

        var failed = 0;
        if (open.Action == "replay")
        {
            failed = await bulk.Replay(runs, cancellationToken);
        }
        else
        {
            var canceled = await control.Cancel(runs, open.Reason, cancellationToken);
            if (!canceled.IsOk)
            {
                return canceled.Error;
            }
        }

        await bulk.Advance(open.Id, runs[^1], runs.Count, failed, cancellationToken);
        return true;
    }

    async Task<Result<bool>> Begin(OpenBulk open, CancellationToken ct)
    {
        var total = await bulk.Count(open, StartBulk.MaxRuns + 1, ct);
        await bulk.Begin(open.Id, Math.Min(total, StartBulk.MaxRuns), ct);
        if (total > StartBulk.MaxRuns)
        {
            await bulk.End(open.Id, TooMany, ct);
        }

        return total <= StartBulk.MaxRuns;
    }
}
