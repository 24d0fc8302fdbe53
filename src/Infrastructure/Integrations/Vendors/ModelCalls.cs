using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using Microsoft.Extensions.AI;
using Polly.CircuitBreaker;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>Asks models: the first that answers, of those that were named.</summary>
sealed class ModelCalls(VendorRegistry registry, VendorSecrets secrets, ChatClients clients, ModelCircuits circuits, ModelOptions options, TimeProvider time) : IModels
{
    public async Task<ModelAnswer> Ask(ModelQuestion question, CancellationToken ct)
    {
        var catalogue = await registry.Current(ct);
        var bill = new ModelBill(time);
        var listener = question.OnText is { } tell ? new TextListener(tell) : null;
        var error = new SkillError("model_missing", "No model was named.", SkillErrorClass.InvalidInput, Retryable: false);
        var (model, isSimulated) = ("", false);
        for (var i = 0; i < question.Models.Count; i++)
        {
            model = question.Models[i];
            var (service, unknown) = catalogue.Find(model);
            if (service is null)
            {
                // Somebody's typing error: another model would only hide it.
                error = unknown!;
                break;
            }

            (model, isSimulated) = (service.Id, service.Vendor.IsSandbox);
            try
            {
                var answer = await AskOne(service, question, listener, bill, ct);
                if (answer.FinishReason != ChatFinishReason.ContentFilter || i == question.Models.Count - 1)
                {
                    return new ModelAnswer(answer, null, model, bill.Lines, isSimulated);
                }

                error = VendorErrors.ContentFiltered(service.Vendor, "its answer was withheld.").Error;
            }
            catch (ModelException e)
            {
                error = e.Error;
                if (!e.MayFallBack)
                {
                    break;
                }
            }
            catch (OperationCanceledException) when (bill.Lines.Count > 0)
            {
                throw new CallAbortedException(bill.Lines, ct);
            }
        }

        return new ModelAnswer(null, error, model, bill.Lines, isSimulated);
    }

    public async ValueTask<ModelQuote> Quote(ModelQuestion question, CancellationToken ct)
    {
        var catalogue = await registry.Current(ct);
        var most = new ModelQuote(question.Models.Count > 0 ? question.Models[0] : "", 0);
        foreach (var service in question.Models.Select(model => catalogue.Find(model).Service).OfType<VendorService>())
        {
            // Vendors' tokenizers differ from ours, in both directions: half as much again is beyond what any of them makes of ordinary text.
            var counted = Tokens.Count(question.Messages, question.Options);
            var prompt = service.Vendor.IsSandbox ? counted : counted + (counted / 2);
            var answer = Math.Min(question.Options.MaxOutputTokens ?? int.MaxValue, service.MaxOutput ?? ModelLimits.OutputWhereUnknown);
            if (service.Prices.At(time.GetUtcNow(), prompt) is not { } price)
            {
                return new ModelQuote(service.Id, null);
            }

            most = price.CostOf(prompt, answer) is var micros && micros > most.Micros ? new ModelQuote(service.Id, micros) : most;
        }

        return most;
    }

    async Task<ChatResponse> AskOne(VendorService service, ModelQuestion question, TextListener? listener, ModelBill bill, CancellationToken ct)
    {
        if (service.Modality != "chat")
        {
            throw new ModelException(new SkillError("model_modality", $"{service.Id} is for {service.Modality}, not for chat.", SkillErrorClass.InvalidInput, Retryable: false));
        }

        var asked = question.Options.Clone();
        asked.ModelId = service.ServiceName;
        asked.MaxOutputTokens = asked.MaxOutputTokens > service.MaxOutput ? service.MaxOutput : asked.MaxOutputTokens;
        var secret = await secrets.Of(
            service.Vendor, new VendorCaller(question.TenantId, question.Credential, question.AgentId, question.UserId), mayDiffer: question.Models.Count > 1, ct);
        using var client = clients.Create(service, secret, question.EffectKey);
        var once = new ModelTry(service, client, question.Messages, asked, listener, bill, options.Total, time);
        try
        {
            return await circuits.For(question.TenantId, secret?.Id ?? Guid.Empty, service).ExecuteAsync(static (what, stop) => what.Run(stop), once, ct);
        }
        catch (BrokenCircuitException e)
        {
            throw VendorErrors.CircuitOpen(service.Vendor, e.RetryAfter);
        }
    }
}
