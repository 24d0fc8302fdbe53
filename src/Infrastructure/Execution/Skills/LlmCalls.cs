using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>Asks a model on behalf of a step, within its budgets.</summary>
sealed class LlmCalls(IModels models, Spending spending)
{
    public async Task<ModelAnswer> Ask(SkillCall call, LlmRequest request, CancellationToken ct)
    {
        var question = new ModelQuestion(
            call.TenantId, request.Models, request.Messages, request.Options, call.EffectKey, call.Node.Credential, call.AgentId, call.UserId, call.OnText);
        if (!spending.IsBounded(call))
        {
            return await models.Ask(question, ct);
        }

        if (await spending.SetAside(call, await models.Quote(question, ct), ct) is { } refused)
        {
            return new ModelAnswer(null, refused, request.Models[0], []);
        }

        try
        {
            return await models.Ask(question, ct);
        }
        catch (OperationCanceledException e) when (e is not CallAbortedException)
        {
            await spending.GiveBack(call);
            throw;
        }
    }
}
