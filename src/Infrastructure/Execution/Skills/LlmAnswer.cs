using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>What steps that ask models make of their answers.</summary>
static class LlmAnswer
{
    /// <summary>The answer as a value that fits the schema, or why it is none.</summary>
    public static (Datum Json, SkillError? Refused) Structured(string text, CompiledSchema schema)
    {
        if (!StrictJson.TryParse(Unfenced(text), out var document, out var problem, maxBytes: Engine.Json.MaxOutputBytes))
        {
            return (default, Unfit(problem!.Message));
        }

        using (document)
        {
            var json = document!.RootElement.Clone();
            return schema.Validate(json, 1) is [var fault, ..] ? (default, Unfit($"{fault.InstancePointer} {fault.Message}")) : (Datum.From(json), null);
        }
    }

    /// <summary>Models that are only asked for JSON, because their vendor cannot be made to give it, like to put it into a code block.</summary>
    static byte[] Unfenced(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.StartsWith("```") && trimmed.EndsWith("```") && trimmed.IndexOf('\n') is > 0 and var line)
        {
            trimmed = trimmed[line..^3].Trim();
        }

        return System.Text.Encoding.UTF8.GetBytes(trimmed.ToString());
    }

    static SkillError Unfit(string why) => new("response_unfit", $"The model's answer does not fit response_schema: {why}", SkillErrorClass.InvalidResponse, Retryable: true);

    /// <summary>All calls of the answer together.</summary>
    public static Datum UsageOf(IReadOnlyList<SkillUsage> usage)
    {
        var members = new Dictionary<string, Datum>
        {
            ["input_tokens"] = Datum.From(usage.Sum(line => line.TokensPrompt)),
            ["output_tokens"] = Datum.From(usage.Sum(line => line.TokensCompletion)),
            ["cached_tokens"] = Datum.From(usage.Sum(line => line.TokensCached)),
            ["reasoning_tokens"] = Datum.From(usage.Sum(line => line.TokensReasoning)),
        };
        if (usage.Sum(line => line.Units) is > 0 and var units)
        {
            members["units"] = Datum.From(units);
        }

        if (usage.Any(line => line.Currency == SkillUsage.Unpriced))
        {
            members["unpriced"] = Datum.True;
        }
        else if (usage.Select(line => line.Currency).Distinct().Count() <= 1)
        {
            members["cost_micros"] = Datum.From(usage.Sum(line => line.CostMicros));
            members["currency"] = Datum.From(usage is [var first, ..] ? first.Currency : "USD");
        }

        if (usage.Any(line => line.IsEstimated))
        {
            members["estimated"] = Datum.True;
        }

        return Datum.FromObject(members);
    }
}
