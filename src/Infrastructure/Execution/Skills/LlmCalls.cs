using AgentPlatform.Application.Billing;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>Asks a model on behalf of a step: the most that it can cost is set aside before, and what it did cost is settled with the step's result.</summary>
/// <param name="budgets">None, or the one that there is.</param>
sealed class LlmCalls(IModels models, IEnumerable<IBudgets> budgets)
{
    /// <summary>Longer than any step may take.</summary>
    static readonly TimeSpan AtMost = TimeSpan.FromMinutes(65);

    readonly IBudgets? budget = budgets.SingleOrDefault();

    public async Task<ModelAnswer> Ask(SkillCall call, LlmRequest request, CancellationToken ct)
    {
        var question = new ModelQuestion(
            call.TenantId, request.Models, request.Messages, request.Options, call.EffectKey, call.Node.Credential, call.AgentId, call.UserId, call.OnText);
        if (budget is null || !budget.MayRefuse(call.TenantId) || await models.Quote(question, ct) is not { Micros: > 0 } quote)
        {
            return await models.Ask(question, ct);
        }

        var reservation = new Reservation(call.TenantId, call.StepId, call.RunId, call.AgentId, call.UserId, call.ApiKeyId, quote.Service, quote.Micros, AtMost);
        if (await budget.Reserve(reservation, ct) is { } refused)
        {
            return new ModelAnswer(null, refused, request.Models[0], []);
        }

        try
        {
            return await models.Ask(question, ct);
        }
        catch (OperationCanceledException e) when (e is not CallAbortedException)
        {
            // Nothing was used, and no result will say so.
            await budget.Release(call.TenantId, call.StepId, CancellationToken.None);
            throw;
        }
    }
}
