using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;

/// <summary>
/// The vendor for trying things offline: no network, the same answer for the same question, and every answer says that it is simulated. Lines of the
/// last user message steer it: see <see cref="SandboxScript"/>.
/// </summary>
sealed class SandboxChatClient(VendorService service, TimeProvider time) : IChatClient
{
    static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(100);

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            updates.Add(update);
        }

        return updates.ToChatResponse();
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var heard = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var prompt = Tokens.Count(heard, options);
        Refuse(prompt);
        var calls = SandboxScript.Calls(heard);
        var text = calls.Count > 0 ? "" : SandboxScript.Text(heard, options);
        var (said, isCut) = Cut(text, options?.MaxOutputTokens);
        foreach (var piece in Pieces(said))
        {
            if (service.ServiceName == "slow")
            {
                await Task.Delay(Slowness, time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, piece);
        }

        var usage = new UsageDetails { InputTokenCount = prompt, OutputTokenCount = Tokens.Count(said) + calls.Sum(Tokens.Count), CachedInputTokenCount = 0 };
        yield return new ChatResponseUpdate(ChatRole.Assistant, [.. calls, new UsageContent(usage)])
        {
            FinishReason = calls.Count > 0 ? ChatFinishReason.ToolCalls : isCut ? ChatFinishReason.Length : ChatFinishReason.Stop,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // It holds nothing.
    }

    void Refuse(int prompt)
    {
        if (service.ServiceName.StartsWith("fail-", StringComparison.Ordinal)
            && int.TryParse(service.ServiceName.AsSpan("fail-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            throw VendorErrors.Status(service.Vendor, (HttpStatusCode)status, "", null);
        }

        if (service.ServiceName == "filtered")
        {
            throw VendorErrors.ContentFiltered(service.Vendor, "The sandbox refuses this by its policy.");
        }

        if (prompt > service.ContextWindow)
        {
            throw VendorErrors.ContextTooLong(service.Vendor, $"{prompt} tokens are more than the {service.ContextWindow} that {service.Id} takes.");
        }
    }

    static (string Text, bool IsCut) Cut(string text, int? maxTokens)
    {
        if (maxTokens is not { } max || Tokens.Count(text) <= max)
        {
            return (text, false);
        }

        var end = text.Length;
        while (end > 0 && Tokens.Count(text.AsSpan(0, end)) > max)
        {
            end--;
        }

        return (text[..end], true);
    }

    /// <summary>Word by word, each with the white space after it.</summary>
    static IEnumerable<string> Pieces(string text)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i - 1]) && !char.IsWhiteSpace(text[i]))
            {
                yield return text[start..i];
                start = i;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }
}
