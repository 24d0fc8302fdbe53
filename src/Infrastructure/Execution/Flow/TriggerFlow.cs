using System.Security.Cryptography;
using AgentPlatform.Domain.Execution.Flow;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Engine;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>A trigger's flow settings with their keys compiled.</summary>
sealed class TriggerFlow
{
    readonly string line;
    readonly FlowSettings settings;
    readonly ValueTemplate? concurrencyKey;
    readonly ValueTemplate? debounceKey;
    readonly ValueTemplate? rateKey;

    TriggerFlow(Guid triggerId, FlowSettings settings, FlowKeys keys)
    {
        line = FlowLimits.TriggerLine(triggerId);
        this.settings = settings;
        concurrencyKey = keys.Compile(settings.ConcurrencyKey);
        debounceKey = keys.Compile(settings.DebounceKey);
        rateKey = keys.Compile(settings.RateLimit?.Key);
    }

    /// <summary>Null when the settings limit nothing.</summary>
    public static TriggerFlow? Of(Guid triggerId, FlowSettings settings, FlowKeys keys) => settings.IsFree ? null : new TriggerFlow(triggerId, settings, keys);

    /// <summary>What the queue has to know of a run with this input.</summary>
    public Result<FlowDemand> Of(Datum input)
    {
        var scope = Datum.FromObject(new Dictionary<string, Datum> { ["input"] = input });
        try
        {
            return new FlowDemand
            {
                Line = settings.LimitsRuns ? Key(line, concurrencyKey, scope) : null,
                Skips = settings.Concurrency == FlowSettings.Skip,
                DebounceKey = settings.DebounceMs is null ? null : Key(line, debounceKey, scope),
                DebounceMs = settings.DebounceMs,
                DebounceMaxMs = settings.DebounceMaxMs ?? settings.DebounceMs * 10,
                RateKey = settings.RateLimit is { } rate ? Key($"{line}:{rate.Limit}/{rate.PerSeconds}", rateKey, scope) : null,
                RateLimit = settings.RateLimit,
            };
        }
        catch (ExpressionException e)
        {
            return Error.Invalid("", "flow_key_failed", $"A key of the trigger could not be made from the input: {e.Error.Message}");
        }
    }

    /// <summary>A value's hash stands for it: what customers are called is nobody's business in a table of keys.</summary>
    static string Key(string line, ValueTemplate? template, Datum scope)
    {
        if (template is null)
        {
            return line;
        }

        var value = Json.Write(template.Evaluate(scope)) ?? throw new ExpressionException(new ExpressionError("limit", "The key is too long.", 0));
        return $"{line}/{Convert.ToHexStringLower(SHA256.HashData(value).AsSpan(0, 16))}";
    }
}

/// <summary>What one run asks of the queue beyond being run.</summary>
sealed record FlowDemand
{
    public static readonly FlowDemand None = new();

    /// <summary>The trigger's line in which the run stands.</summary>
    public string? Line { get; init; }

    public bool Skips { get; init; }

    public string? DebounceKey { get; init; }

    public long? DebounceMs { get; init; }

    public long? DebounceMaxMs { get; init; }

    public string? RateKey { get; init; }

    public RateLimit? RateLimit { get; init; }
}
