using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>One try at one model: in time, streamed where somebody listens, and billed whatever becomes of it.</summary>
sealed class ModelTry(VendorService service, IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options, TextListener? listener, ModelBill bill, TimeSpan limit, TimeProvider time)
{
    public async ValueTask<ChatResponse> Run(CancellationToken ct)
    {
        var heard = new List<ChatResponseUpdate>();
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        ChatResponse answer;
        try
        {
            answer = await Ask(heard, both.Token);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The vendor stops when the connection goes; for what it made until then it may charge.
            Estimate(heard);
            throw;
        }
        catch (Exception e) when (Translate(e) is { } failure)
        {
            Bill(failure, heard);
            throw ReferenceEquals(failure, e) ? failure : new ModelException(failure.Error, e) { MayFallBack = failure.MayFallBack, IsOutage = failure.IsOutage };
        }

        bill.Add(service, answer, () => Tokens.Count(messages, options));
        ToolCalls.Check(answer, options);
        return answer;
    }

    async Task<ChatResponse> Ask(List<ChatResponseUpdate> heard, CancellationToken ct)
    {
        if (listener is null or { HasSpoken: true })
        {
            return await client.GetResponseAsync(messages, options, ct);
        }

        await foreach (var update in client.GetStreamingResponseAsync(messages, options, ct))
        {
            heard.Add(update);
            listener.Tell(update.Text);
        }

        return heard.ToChatResponse();
    }

    /// <summary>What is neither a refusal nor our own timer is a bug, and not caught here.</summary>
    ModelException? Translate(Exception e) => e switch
    {
        ModelException known => known,
        OperationCanceledException => VendorErrors.Timeout(service.Vendor, $"did not finish its answer within {limit.TotalSeconds:0} s."),
        JsonException or InvalidOperationException or FormatException or KeyNotFoundException => VendorErrors.Invalid(service.Vendor, "it does not follow the vendor's protocol.", e),
        _ => null,
    };

    void Bill(ModelException failure, List<ChatResponseUpdate> heard)
    {
        if (!failure.WasSent)
        {
            return;
        }

        if (!failure.MayHaveCost)
        {
            bill.Add(service, 0, 0, 0, 0, isEstimated: false);
            return;
        }

        Estimate(heard);
    }

    void Estimate(List<ChatResponseUpdate> heard)
    {
        // Some vendors say at the start of a stream what the question used; the rest is what came.
        var part = heard.ToChatResponse();
        var said = part.Usage?.InputTokenCount;
        bill.Add(service, said is > 0 and < ModelBill.MaxTokens ? said.Value : Tokens.Count(messages, options), ModelBill.CountOf(part), 0, 0, isEstimated: true);
    }
}
