using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>llm</c> without tools: one question to a model, one answer as text, or as a value that fits a schema.</summary>
sealed class LlmSkill(IModels models) : IEffectfulSkill
{
    public string Handles => "llm";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        if (!LlmRequest.TryRead(call.With, call.Defaults, out var request, out var problem))
        {
            return problem!;
        }

        var answer = await models.Ask(
            new ModelQuestion(call.TenantId, request!.Models, request.Messages, request.Options, call.EffectKey, call.Node.Credential, call.AgentId, call.UserId, call.OnText), ct);
        return Outcome(answer, request.Schema) with { Usage = answer.Usage.Count > 0 ? answer.Usage : null };
    }

    static SkillOutcome Outcome(ModelAnswer answer, CompiledSchema? schema)
    {
        if (answer.Response is not { } response)
        {
            return answer.Error!;
        }

        var members = new Dictionary<string, Datum> { ["text"] = Datum.From(response.Text) };
        if (schema is not null)
        {
            var (json, refused) = Structured(response.Text, schema);
            if (refused is not null)
            {
                return refused;
            }

            members["json"] = json;
        }

        members["model"] = Datum.From(answer.Model);
        members["finish_reason"] = Datum.From(response.FinishReason?.Value ?? "stop");
        members["usage"] = UsageOf(answer.Usage);
        members["simulated"] = Datum.From(answer.IsSimulated);
        return Datum.FromObject(members);
    }

    static (Datum Json, SkillError? Refused) Structured(string text, CompiledSchema schema)
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

    static Datum UsageOf(IReadOnlyList<SkillUsage> usage)
    {
        var members = new Dictionary<string, Datum>
        {
            ["input_tokens"] = Datum.From(usage.Sum(line => line.TokensPrompt)),
            ["output_tokens"] = Datum.From(usage.Sum(line => line.TokensCompletion)),
            ["cached_tokens"] = Datum.From(usage.Sum(line => line.TokensCached)),
            ["reasoning_tokens"] = Datum.From(usage.Sum(line => line.TokensReasoning)),
        };
        if (usage.Select(line => line.Currency).Distinct().Count() <= 1)
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
