namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>When a failed step is tried again, and after how long.</summary>
/// <param name="MaxAttempts">All attempts, the first one included: 1 to 20.</param>
/// <param name="Initial">Before the second attempt.</param>
/// <param name="Factor">Each further pause is this many times the one before: 1 to 10.</param>
/// <param name="Max">No pause is longer.</param>
/// <param name="Jitter">Each pause is a random part of itself, between half and all, so that many failed steps do not come back at once.</param>
/// <param name="On">Of <see cref="ErrorClasses"/>.</param>
public sealed record RetryPolicy(int MaxAttempts, TimeSpan Initial, double Factor, TimeSpan Max, bool Jitter, IReadOnlyList<string> On)
{
    public const int AttemptLimit = 20;

    /// <summary>The classes that a skill's failure can have (SkillErrorClass of the run engine) and that another attempt may mend, and <c>any</c>. <c>4xx</c> holds <c>429</c>.</summary>
    public static IReadOnlyList<string> ErrorClasses { get; } = ["timeout", "network", "429", "4xx", "5xx", "invalid_response", "any"];

    /// <summary>What a missing <c>retry</c> means: one attempt.</summary>
    public static RetryPolicy None { get; } = new(1, TimeSpan.Zero, 1, TimeSpan.Zero, Jitter: false, []);

    /// <summary>What <c>retry: {}</c> means; members that are given replace its own.</summary>
    public static RetryPolicy Default { get; } =
        new(3, TimeSpan.FromMilliseconds(500), 2, TimeSpan.FromSeconds(30), Jitter: true, ["timeout", "network", "429", "5xx"]);

    /// <summary>The pause before an attempt.</summary>
    /// <param name="attempt">From 2 on; there is no pause before the first.</param>
    /// <param name="random01">A random number in [0, 1): the caller's, so that a test can choose it.</param>
    public TimeSpan DelayBefore(int attempt, double random01)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 2);

        // Far attempts overflow to infinity, which the upper bound catches; 0 · ∞ would be NaN, so no pause is no pause.
        var milliseconds = Initial == TimeSpan.Zero ? 0 : Math.Min(Initial.TotalMilliseconds * Math.Pow(Factor, attempt - 2), Max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Jitter ? milliseconds * (0.5 + (random01 / 2)) : milliseconds);
    }

    /// <summary>True when a failure of this class is worth another attempt.</summary>
    /// <param name="errorClass">The class that the skill gave its failure; a status as text belongs to its hundred.</param>
    public bool Covers(string errorClass)
    {
        foreach (var covered in On)
        {
            if (covered == errorClass || covered == "any" || (covered is "4xx" or "5xx" && IsStatus(errorClass) && errorClass[0] == covered[0]))
                return true;
        }

        return false;
    }

    static bool IsStatus(string text) => text.Length == 3 && text.All(char.IsAsciiDigit);
}
