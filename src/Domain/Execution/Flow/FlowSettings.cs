using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Execution.Flow;

/// <summary>How a trigger's runs are let in: how many at once, how often, and after how much quiet.</summary>
/// <param name="Concurrency">allow, skip, queue or replace: what becomes of a run when as many as may go on already do.</param>
/// <param name="MaxConcurrency">How many may go on at once, 1 to 10 000; 1 when not given. Of each value of the key, where there is one.</param>
/// <param name="ConcurrencyKey">An expression over <c>input</c>; runs with different values do not count together.</param>
/// <param name="DebounceMs">Of deliveries that come within this time after one another only the last one runs; 1 to 86 400 000 ms.</param>
/// <param name="DebounceMaxMs">After this long a run starts although it is not quiet; ten times <paramref name="DebounceMs"/> when not given.</param>
/// <param name="DebounceKey">As <paramref name="ConcurrencyKey"/>.</param>
public sealed record FlowSettings(
    string Concurrency = FlowSettings.Allow,
    int? MaxConcurrency = null,
    string? ConcurrencyKey = null,
    long? DebounceMs = null,
    long? DebounceMaxMs = null,
    string? DebounceKey = null,
    RateLimit? RateLimit = null)
{
    public const string Allow = "allow";
    public const string Skip = "skip";
    public const string Queue = "queue";
    public const string Replace = "replace";

    const int MaxRuns = 10_000;
    const long Day = 86_400_000;
    const int MaxKeyLength = 1024;

    public bool LimitsRuns => Concurrency != Allow;

    /// <summary>Nothing is limited: a run takes the direct way.</summary>
    public bool IsFree => !LimitsRuns && DebounceMs is null && RateLimit is null;

    /// <summary>The shape of each setting, and how they go together.</summary>
    public IEnumerable<FieldError> Check()
    {
        if (Concurrency is not (Allow or Skip or Queue or Replace))
        {
            yield return new FieldError("/concurrency", "unknown_concurrency", "A trigger's concurrency is allow, skip, queue or replace.");
        }

        foreach (var fault in CheckNumbers().Concat(CheckKeys()).Concat(CheckTogether()).Concat(RateLimit?.Check() ?? []))
        {
            yield return fault;
        }
    }

    /// <summary>The keys that are set, each with its place.</summary>
    public IEnumerable<(string Pointer, string Key)> Keys()
    {
        var keys = new (string Pointer, string? Key)[] { ("/concurrency_key", ConcurrencyKey), ("/debounce_key", DebounceKey), ("/rate_limit/key", RateLimit?.Key) };
        return keys.Where(key => key.Key is not null).Select(key => (key.Pointer, key.Key!));
    }

    IEnumerable<FieldError> CheckNumbers()
    {
        if (MaxConcurrency is < 1 or > MaxRuns)
        {
            yield return new FieldError("/max_concurrency", "out_of_range", $"A whole number between 1 and {MaxRuns}.");
        }

        if (DebounceMs is < 1 or > Day)
        {
            yield return new FieldError("/debounce_ms", "out_of_range", $"A whole number of milliseconds between 1 and {Day}.");
        }

        if (DebounceMaxMs is { } longest && (longest < (DebounceMs ?? 1) || longest > 7 * Day))
        {
            yield return new FieldError("/debounce_max_ms", "out_of_range", $"A whole number of milliseconds, at least debounce_ms and at most {7 * Day}.");
        }
    }

    IEnumerable<FieldError> CheckKeys()
    {
        foreach (var (pointer, key) in Keys())
        {
            if (key.Length > MaxKeyLength)
            {
                yield return new FieldError(pointer, "length", $"A key has at most {MaxKeyLength} characters.");
            }
            else if (key.Length < 2 || key[0] != '=' || key[1] == '=')
            {
                yield return new FieldError(pointer, "not_an_expression", "A key is an expression over input, such as \"=input.customer\".");
            }
        }
    }

    IEnumerable<FieldError> CheckTogether()
    {
        if (!LimitsRuns && (MaxConcurrency is not null || ConcurrencyKey is not null))
        {
            yield return new FieldError(MaxConcurrency is not null ? "/max_concurrency" : "/concurrency_key", "needs_concurrency", "Say with concurrency (skip, queue or replace) what becomes of a run that is too much.");
        }

        if (DebounceMs is null && (DebounceMaxMs is not null || DebounceKey is not null))
        {
            yield return new FieldError(DebounceKey is not null ? "/debounce_key" : "/debounce_max_ms", "needs_debounce_ms", "Say with debounce_ms how long it has to be quiet.");
        }

        if (DebounceMs is not null && RateLimit is not null)
        {
            yield return new FieldError("/rate_limit", "not_with_debounce", "A trigger is debounced or has a rate limit; take one of them out.");
        }

        if (DebounceMs is not null && Concurrency == Skip)
        {
            yield return new FieldError("/concurrency", "not_with_debounce", "A debounced run waits, so the next delivery would be skipped instead of taking its place; use queue or replace.");
        }
    }
}

/// <param name="Limit">Runs that may start within any <paramref name="PerSeconds"/> seconds, 1 to 10 000.</param>
/// <param name="PerSeconds">1 to 86 400.</param>
/// <param name="Key">An expression over <c>input</c>: a limit for each of its values.</param>
/// <param name="Over">What becomes of a run that is too much: <c>queue</c> starts it as soon as the limit allows, <c>refuse</c> answers 429.</param>
public sealed record RateLimit(int Limit, int PerSeconds, string? Key = null, string Over = RateLimit.Queue)
{
    public const string Queue = "queue";
    public const string Refuse = "refuse";

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static RateLimit? Read(JsonElement? stored) => stored is { ValueKind: JsonValueKind.Object } rate
        ? new RateLimit(
            rate.GetProperty("limit").GetInt32(), rate.GetProperty("per_seconds").GetInt32(),
            rate.TryGetProperty("key", out var key) ? key.GetString() : null, rate.GetProperty("over").GetString()!)
        : null;

    public string Write() => new JsonObject { ["limit"] = Limit, ["per_seconds"] = PerSeconds, ["key"] = Key, ["over"] = Over }.ToJsonString();

    internal IEnumerable<FieldError> Check()
    {
        if (Limit is < 1 or > 10_000)
        {
            yield return new FieldError("/rate_limit/limit", "out_of_range", "A whole number between 1 and 10000.");
        }

        if (PerSeconds is < 1 or > 86_400)
        {
            yield return new FieldError("/rate_limit/per_seconds", "out_of_range", "A whole number of seconds between 1 and 86400.");
        }

        if (Over is not (Queue or Refuse))
        {
            yield return new FieldError("/rate_limit/over", "unknown_over", "Over is queue or refuse.");
        }
    }
}
