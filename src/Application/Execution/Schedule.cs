using System.Text.RegularExpressions;
using AgentPlatform.Domain.Execution.Schedules;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>When a trigger of kind schedule fires.</summary>
/// <param name="NextFireAt">By the database's clock.</param>
sealed record Schedule(string Cron, string TimeZone, MisfirePolicy Misfire, DateTimeOffset NextFireAt);

/// <summary>Checks of the members that only some kinds of triggers have.</summary>
static partial class ScheduleRules
{
    public const string DefaultTimeZone = "UTC";

    public static IEnumerable<FieldError> Check(string? cron, string? timeZone, string? misfire)
    {
        if (cron is not null && CronExpression.Parse(cron).Error is { } fault)
        {
            yield return new FieldError("/cron", fault.Code, fault.Message);
        }

        if (timeZone is not null && ZoneClock.Find(timeZone) is null)
        {
            yield return new FieldError("/time_zone", "unknown_time_zone", "A time zone is named as the IANA database does, such as Europe/Berlin or UTC.");
        }

        if (misfire is not null && MisfirePolicies.Parse(misfire) is null)
        {
            yield return new FieldError("/misfire", "unknown_misfire", $"A misfire policy is {string.Join(", ", MisfirePolicies.Names)}.");
        }
    }

    public static FieldError? CheckTopic(string? topic) => topic is null || TopicPattern().IsMatch(topic)
        ? null
        : new FieldError("/topic", "invalid_topic", "A topic has 1 to 128 small letters, digits, dots, underscores and hyphens.");

    /// <param name="cron">Checked, as the time zone is.</param>
    public static FireTimes Times(string cron, string timeZone) => new(CronExpression.Parse(cron).Value, ZoneClock.Find(timeZone)!);

    /// <returns>Refused when the expression names no time any more.</returns>
    public static Result<Schedule> Begin(string cron, string timeZone, MisfirePolicy misfire, DateTimeOffset now) =>
        Times(cron, timeZone).Next(now) is { } next
            ? new Schedule(cron, timeZone, misfire, next)
            : Error.Invalid("/cron", "never_fires", "This expression names no time in the next hundred years.");

    [GeneratedRegex(@"^[a-z0-9_.-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TopicPattern();
}
