using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>llm</c> without tools: one question to a model, one answer as text, or as a value that fits a schema.</summary>
sealed class LlmSkill(LlmCalls llm) : IEffectfulSkill
{
    public string Handles => "llm";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        if (!LlmRequest.TryRead(call.With, call.Defaults, out var request, out var problem))
        {
            return problem!;
        }

        var answer = await llm.Ask(call, request!, ct);
        return Outcome(answer, request!.Schema) with { Usage = answer.Usage };
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
            var (json, refused) = LlmAnswer.Structured(response.Text, schema);
            if (refused is not null)
            {
                return refused;
            }

            members["json"] = json;
        }

        members["model"] = Datum.From(answer.Model);
        members["finish_reason"] = Datum.From(response.FinishReason?.Value ?? "stop");
        members["usage"] = LlmAnswer.UsageOf(answer.Usage);
        members["simulated"] = Datum.From(answer.IsSimulated);
        return Datum.FromObject(members);
    }
}
