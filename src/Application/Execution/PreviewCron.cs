using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Schedules;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>What an expression means, before a trigger is made of it.</summary>
/// <param name="Count">1 to 100; 10 when not given.</param>
[Requires("triggers:read")]
public sealed record PreviewCron(string Cron, string? TimeZone = null, int? Count = null) : IQuery<CronPreview>, IValidate
{
    public IEnumerable<FieldError> Validate()
    {
        if (Cron is null)
        {
            yield return new FieldError("/cron", "required", "Give the expression as cron.");
        }

        foreach (var fault in ScheduleRules.Check(Cron, TimeZone, misfire: null).Concat(FireCount.Check(Count)))
        {
            yield return fault;
        }
    }
}

/// <param name="Sentence">The expression in words.</param>
/// <param name="Items">The next times, in UTC.</param>
public sealed record CronPreview(string Sentence, IReadOnlyList<DateTimeOffset> Items);

static class FireCount
{
    public const int Default = 10;

    public static IEnumerable<FieldError> Check(int? count) => count is < 1 or > 100 ? [new FieldError("/count", "out_of_range", "A count is 1 to 100.")] : [];
}

file sealed class Handler(ITriggers triggers) : IRequestHandler<PreviewCron, Result<CronPreview>>
{
    public async Task<Result<CronPreview>> Handle(PreviewCron request, CancellationToken cancellationToken)
    {
        var zone = request.TimeZone ?? ScheduleRules.DefaultTimeZone;
        var times = ScheduleRules.Times(request.Cron, zone);
        var now = await triggers.Now(cancellationToken);
        return new CronPreview($"{CronSentence.Of(times.Expression)}, {zone}", [.. times.Following(now, request.Count ?? FireCount.Default)]);
    }
}
