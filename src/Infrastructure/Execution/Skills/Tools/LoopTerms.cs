using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills.Tools;

/// <summary>How far one <c>llm</c> node may go with its tools.</summary>
/// <param name="MaxIterations">How often its model is asked.</param>
/// <param name="TokenBudget">Input and output tokens of all questions, after which none is asked any more.</param>
/// <param name="BudgetMicros">Cost of all questions, likewise.</param>
sealed record LoopTerms(int MaxIterations, long? TokenBudget, long? BudgetMicros)
{
    public const int MostIterations = 50;

    /// <summary>Of one answer.</summary>
    public const int MostCallsAtOnce = 64;

    /// <summary>Of a run, whichever of its nodes make them.</summary>
    public const int MostCalls = 200;

    const int DefaultIterations = 10;

    public static LoopTerms Of(Datum with, AgentLimits limits) => new(
        (int)Math.Clamp(Number(with, "max_iterations") ?? limits.MaxIterations ?? DefaultIterations, 1, MostIterations),
        Number(with, "token_budget"),
        Number(with, "budget_micros") ?? limits.BudgetMicros);

    /// <summary>Why no further question is asked; null: it may be.</summary>
    public SkillError? Passed(LoopSpent spent)
    {
        if (spent.Iterations >= MaxIterations)
        {
            return spent.Over("max_iterations", $"The model was asked {spent.Iterations} times and still calls tools; at most {MaxIterations} are allowed.");
        }

        if (spent.Tokens >= TokenBudget)
        {
            return spent.Over("token_budget", $"{spent.Tokens} tokens are used; the budget has {TokenBudget}.");
        }

        if (spent.IsUnpriced && BudgetMicros is not null)
        {
            return spent.Over("price_unknown", "Nobody has told this server what the model costs, so that its cost budget cannot be kept.");
        }

        return spent.CostMicros > 0 && spent.CostMicros >= BudgetMicros
            ? spent.Over("cost_budget", $"{spent.CostMicros} millionths of the currency are spent; the budget has {BudgetMicros}.")
            : null;
    }

    static long? Number(Datum with, string name) => with.Value(name) is { Kind: DatumKind.Number } number ? (long)number.GetDouble() : null;
}

/// <summary>What an <c>llm</c> node has used so far with its tools.</summary>
sealed class LoopSpent
{
    static readonly string[] Sums = ["input_tokens", "output_tokens", "cached_tokens", "reasoning_tokens", "cost_micros"];

    readonly long[] sums = new long[Sums.Length];
    Datum currency;
    bool isEstimated;

    public int Iterations { get; private set; }

    public int Calls { get; set; }

    public long Tokens => sums[0] + sums[1];

    public long CostMicros => sums[4];

    /// <summary>Some of it cost what nobody knows.</summary>
    public bool IsUnpriced { get; private set; }

    /// <param name="usage">As an answer tells it.</param>
    public void Add(Datum usage)
    {
        Iterations++;
        for (var i = 0; i < Sums.Length; i++)
        {
            sums[i] += usage.Value(Sums[i]) is { Kind: DatumKind.Number } number ? (long)number.GetDouble() : 0;
        }

        currency = usage.Value("currency") ?? currency;
        isEstimated |= usage.Flag("estimated");
        IsUnpriced |= usage.Flag("unpriced");
    }

    public Datum ToDatum()
    {
        var members = new Dictionary<string, Datum>();
        for (var i = 0; i < Sums.Length; i++)
        {
            members[Sums[i]] = Datum.From(sums[i]);
        }

        if (IsUnpriced)
        {
            members.Remove("cost_micros");
            members["unpriced"] = Datum.True;
        }
        else
        {
            members["currency"] = currency.IsNull ? Datum.From("USD") : currency;
        }

        if (isEstimated)
        {
            members["estimated"] = Datum.True;
        }

        return Datum.FromObject(members);
    }

    /// <summary>A limit was reached: what was spent until then is said with it.</summary>
    public SkillError Over(string code, string message) => new(code, message, SkillErrorClass.Limit, Retryable: false, Detail: Datum.FromObject(new Dictionary<string, Datum>
    {
        ["iterations"] = Datum.From(Iterations),
        ["tool_calls"] = Datum.From(Calls),
        ["usage"] = ToDatum(),
    }).ToJsonElement());
}
