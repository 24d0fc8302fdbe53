using AgentPlatform.Domain.Execution;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>Adds up what one question used, service by service: answers, tries in vain and fallbacks alike.</summary>
sealed class ModelBill(TimeProvider time)
{
    readonly List<SkillUsage> lines = [];

    public IReadOnlyList<SkillUsage> Lines => lines;

    /// <param name="isEstimated">The counts are ours and not the vendor's.</param>
    public void Add(VendorService service, long prompt, long completion, long cached, long reasoning, bool isEstimated, long units = 0)
    {
        // Each call has a price of its own, by its own size: what is added up are costs, not tokens to be priced together.
        var price = service.Prices.At(time.GetUtcNow(), prompt);
        var call = new SkillUsage(service.Id)
        {
            TokensPrompt = prompt,
            TokensCompletion = completion,
            TokensCached = cached,
            TokensReasoning = reasoning,
            Units = units,
            CostMicros = Math.Min(price?.CostOf(prompt, completion, cached, units) ?? 0, SkillUsage.MaxAmount),
            Currency = price?.Currency ?? SkillUsage.Unpriced,
            IsEstimated = isEstimated,
        };
        var at = lines.FindIndex(line => line.Service == service.Id && line.Currency == call.Currency);
        if (at < 0)
        {
            lines.Add(call);
        }
        else
        {
            lines[at] = Sum(lines[at], call);
        }
    }

    /// <summary>An answer: as the vendor counted it, or by our own count where it did not say or said what cannot be.</summary>
    public void Add(VendorService service, ChatResponse answer, Func<long> countPrompt)
    {
        var said = answer.Usage;
        if (said is { InputTokenCount: >= 0 and <= MaxTokens, OutputTokenCount: >= 0 and <= MaxTokens })
        {
            Add(service, said.InputTokenCount.Value, said.OutputTokenCount.Value, Sane(said.CachedInputTokenCount, said.InputTokenCount.Value),
                Sane(said.ReasoningTokenCount, said.OutputTokenCount.Value), isEstimated: false);
        }
        else
        {
            Add(service, countPrompt(), CountOf(answer), 0, 0, isEstimated: true);
        }
    }

    public static long CountOf(ChatResponse answer) => answer.Messages.Sum(message => message.Contents.Sum(content => (long)Tokens.Count(content)));

    /// <summary>No model has such a window: a count beyond it is a vendor's mistake, or worse.</summary>
    public const long MaxTokens = 1_000_000_000;

    static long Sane(long? count, long atMost) => Math.Clamp(count ?? 0, 0, atMost);

    static SkillUsage Sum(SkillUsage a, SkillUsage b) => a with
    {
        TokensPrompt = a.TokensPrompt + b.TokensPrompt,
        TokensCompletion = a.TokensCompletion + b.TokensCompletion,
        TokensCached = a.TokensCached + b.TokensCached,
        TokensReasoning = a.TokensReasoning + b.TokensReasoning,
        ApiCalls = a.ApiCalls + b.ApiCalls,
        Units = a.Units + b.Units,
        CostMicros = a.CostMicros + b.CostMicros,
        IsEstimated = a.IsEstimated || b.IsEstimated,
    };
}
