using System.Runtime.CompilerServices;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Anthropic;

/// <summary>Anthropic's messages.</summary>
sealed class AnthropicChatClient(VendorHttp http, VendorEndpoint endpoint, VendorService service) : IChatClient
{
    const string Version = "2023-06-01";

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var request = Request(messages, options, isStream: false);
        using var response = await http.Send(endpoint, request, isStream: false, cancellationToken);
        using var json = await response.Json(cancellationToken);
        return AnthropicAnswer.Read(endpoint, json.RootElement);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var request = Request(messages, options, isStream: true);
        using var response = await http.Send(endpoint, request, isStream: true, cancellationToken);
        var stream = new AnthropicStream(endpoint);
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
        var request = JsonBody.Post(endpoint.At("/messages"), json => AnthropicQuestion.Write(json, service, messages, options ?? new ChatOptions(), isStream));
        request.Headers.TryAddWithoutValidation("anthropic-version", service.Vendor.Setting("version") ?? Version);
        return request;
    }
}
