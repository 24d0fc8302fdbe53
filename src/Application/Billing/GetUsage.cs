using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Billing;

/// <summary>What the tenant used in a span of days and what it cost, up to this moment.</summary>
/// <param name="From">First day, in UTC; the first of this month when not given.</param>
/// <param name="To">Last day, itself included; today when not given.</param>
/// <param name="GroupBy">day, agent, service, user or key; or two at once, the day before the other: <c>day,agent</c>.</param>
[Requires("billing:read")]
public sealed record GetUsage(DateOnly? From = null, DateOnly? To = null, string GroupBy = "day") : IQuery<UsageReport>, IValidate
{
    public const int MaxDays = 400;

    /// <summary>So many when each day has its own groups.</summary>
    public const int MaxDaysWithGroups = 92;

    static readonly string[] Groups = ["day", "agent", "service", "user", "key", "day,agent", "day,service", "day,user", "day,key"];

    internal bool IsByDay => GroupBy.StartsWith("day", StringComparison.Ordinal);

    /// <summary>What is grouped by beside the day, or instead of it.</summary>
    internal string Group => GroupBy.Split(',')[^1];

    public IEnumerable<FieldError> Validate()
    {
        if (!Groups.Contains(GroupBy, StringComparer.Ordinal))
        {
            yield return new FieldError("/group_by", "invalid_value", "Group by day, agent, service, user or key, or by day and another: day,agent.");
        }

        if (From > To)
        {
            yield return new FieldError("/to", "out_of_range", "The last day is not before the first.");
        }
        else if (From is { } from && To is { } to && to.DayNumber - from.DayNumber >= MaxDays)
        {
            yield return new FieldError("/to", "out_of_range", $"At most {MaxDays} days at once.");
        }
    }
}

/// <param name="Items">One for each group and currency, in the order of their keys; for at most 10 000.</param>
/// <param name="Totals">Of all groups, one for each currency.</param>
/// <param name="Unknown">Calls whose worker was lost: whether they cost anything nobody knows, and nothing of them is in the sums.</param>
/// <param name="UnpricedCalls">Calls of services whose price nobody has told: they stand among the items and totals with the currency XXX and no cost.</param>
public sealed record UsageReport(
    DateOnly From, DateOnly To, string GroupBy, IReadOnlyList<UsageGroup> Items, IReadOnlyList<UsageSum> Totals, UnknownUsage Unknown, long UnpricedCalls);

/// <param name="Day">Null where days are not told apart.</param>
/// <param name="Key">The day, or an id; null is nobody: a run that a trigger started, in a session.</param>
/// <param name="Name">The agent's slug; null for other groups.</param>
public sealed record UsageGroup(
    string? Day, string? Key, string? Name, long TokensPrompt, long TokensCompletion, long TokensCached, long TokensReasoning, long Units, long ApiCalls, long CostMicros, string Currency);

public sealed record UsageSum(long TokensPrompt, long TokensCompletion, long TokensCached, long TokensReasoning, long Units, long ApiCalls, long CostMicros, string Currency);

/// <param name="MicrosAtMost">What had been set aside for them.</param>
public sealed record UnknownUsage(long Calls, long MicrosAtMost);
