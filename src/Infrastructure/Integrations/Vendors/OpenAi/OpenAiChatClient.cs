using System.Runtime.CompilerServices;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.OpenAi;

/// <summary>Chat completions as OpenAI defined them, and as Azure, Google, Together, Perplexity, Hugging Face, Cohere and servers of one's own speak them.</summary>
sealed class OpenAiChatClient(VendorHttp http, VendorEndpoint endpoint, VendorService service, string effectKey) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var request = Request(messages, options, isStream: false);
        using var response = await http.Send(endpoint, request, isStream: false, cancellationToken);
        using var json = await response.Json(cancellationToken);
        return OpenAiAnswer.Read(endpoint, json.RootElement);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var request = Request(messages, options, isStream: true);
        using var response = await http.Send(endpoint, request, isStream: true, cancellationToken);
        if (response.MediaType == "application/json")
        {
            // It was not understood that a stream is wanted.
            using var json = await response.Json(cancellationToken);
            foreach (var update in OpenAiAnswer.Read(endpoint, json.RootElement).ToChatResponseUpdates())
            {
                yield return update;
            }

            yield break;
        }

        var stream = new OpenAiStream(endpoint);
        await foreach (var (_, data) in response.Events(cancellationToken))
        {
            if (stream.Take(data) is { } update)
            {
                yield return update;
            }
        }

        yield return stream.End();
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The connections belong to everybody.
    }

    HttpRequestMessage Request(IEnumerable<ChatMessage> messages, ChatOptions? options, bool isStream)
    {
        var request = JsonBody.Post(OpenAiAddress.Of(endpoint, "/chat/completions"), json => OpenAiQuestion.Write(json, service, messages, options ?? new ChatOptions(), isStream));
        if (service.Vendor.Setting("idempotency_header") is { } header)
        {
            request.Headers.TryAddWithoutValidation(header, effectKey);
        }

        return request;
    }
}
