using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Billing;

/// <summary>What may be spent in a window, and how much of it is gone.</summary>
/// <param name="Scope">tenant, agent, user or key: whose spending counts.</param>
/// <param name="Window">day, month (both in UTC) or total.</param>
/// <param name="Action">alert: tells only. block: refuses a call that it has no room for.</param>
/// <param name="AlertAtPercent">From which part of the limit on <c>budget.alert</c> is told, once a window.</param>
/// <param name="SpentMicros">As the ledger has it.</param>
/// <param name="HeldMicros">Set aside for calls under way.</param>
public sealed record BudgetView(
    Guid Id,
    string Name,
    string Scope,
    Guid? AgentId,
    Guid? UserId,
    Guid? ApiKeyId,
    string Window,
    long LimitMicros,
    int? AlertAtPercent,
    string Action,
    long SpentMicros,
    long HeldMicros,
    Guid? CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

static class BudgetRules
{
    const long MaxMicros = 1_000_000_000_000_000;

    public static readonly Error NotFound = Error.NotFound("budget");

    public static readonly Error TooMany = Error.Conflict("too_many_budgets", $"A tenant has at most {MaxBudgets} budgets.");

    /// <summary>Each call under a budget looks at all that cover it.</summary>
    public const int MaxBudgets = 200;

    public static IEnumerable<FieldError> Check(string? name, string? window, long? limit, int? percent, string? action)
    {
        if (name is { Length: 0 or > 200 })
        {
            yield return new("/name", "length", "A name has 1 to 200 characters.");
        }

        if (window is not (null or "day" or "month" or "total"))
        {
            yield return new("/window", "invalid_value", "A window is day, month or total.");
        }

        if (limit is < 0 or > MaxMicros)
        {
            yield return new("/limit_micros", "out_of_range", $"A limit is 0 to {MaxMicros} millionths.");
        }

        if (percent is < 1 or > 100)
        {
            yield return new("/alert_at_percent", "out_of_range", "A number from 1 to 100.");
        }

        if (action is not (null or "alert" or "block"))
        {
            yield return new("/action", "invalid_value", "An action is alert or block.");
        }
    }
}
