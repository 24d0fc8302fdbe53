using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Replicate;

/// <summary>
/// Language models on Replicate: a prediction is made, waited for, and asked after until it has ended. Who gives up cancels it, because a prediction
/// goes on, and costs, without anybody listening. Its models take a prompt, not messages, and know no tools.
/// </summary>
sealed partial class ReplicateChatClient(VendorHttp http, VendorEndpoint endpoint, VendorService service) : IChatClient
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan LastPause = TimeSpan.FromSeconds(4);
    static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(5);

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.Tools is { Count: > 0 })
        {
            throw new ModelException(new SkillError("model_without_tools", $"{service.Id} can call no tools.", SkillErrorClass.InvalidInput, Retryable: false)) { MayFallBack = true, WasSent = false };
        }

        using var request = JsonBody.Post(endpoint.At(Path()), json => Write(json, [.. messages], options ?? new ChatOptions()));
        request.Headers.TryAddWithoutValidation("Prefer", "wait=60");
        var prediction = await Ask(request, cancellationToken);
        var id = prediction.Text("id") is { } given && Id().IsMatch(given) ? given : throw VendorErrors.Invalid(endpoint.Vendor, "the prediction has no id.");
        try
        {
            for (var pause = FirstPause; prediction.Text("status") is "starting" or "processing"; pause = pause * 2 < LastPause ? pause * 2 : LastPause)
            {
                await Task.Delay(pause, http.Time, cancellationToken);
                // Not the address that the answer names: the key goes where it was stored for.
                using var again = new HttpRequestMessage(HttpMethod.Get, endpoint.At($"/predictions/{id}"));
                prediction = await Ask(again, cancellationToken);
            }
        }
        catch
        {
            // Also where asking after it failed: the next try makes another one.
            await Cancel(id);
            throw;
        }

        return Read(prediction);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The connections belong to everybody.
    }

    /// <summary>Models of Replicate's own choice are asked by name, all others by the id of a version.</summary>
    string Path() => service.ServiceName.Contains(':') ? "/predictions" : $"/models/{string.Join('/', service.ServiceName.Split('/').Select(Uri.EscapeDataString))}/predictions";

    void Write(Utf8JsonWriter json, List<ChatMessage> messages, ChatOptions options)
    {
        if (service.ServiceName.Contains(':'))
        {
            json.WriteString("version", service.ServiceName[(service.ServiceName.IndexOf(':') + 1)..]);
        }

        json.WriteStartObject("input");
        var talk = messages.FindAll(message => message.Role != ChatRole.System);
        json.WriteString("prompt", talk is [var only] ? only.Text : string.Join("\n\n", talk.Select(message => $"{(message.Role == ChatRole.Assistant ? "Assistant" : "User")}: {message.Text}")));
        var system = string.Join("\n\n", messages.Where(message => message.Role == ChatRole.System).Select(message => message.Text));
        if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema })
        {
            system = $"{system}\n\nAnswer with JSON only, without any other text, that fits this JSON Schema: {schema.GetRawText()}".Trim();
        }

        if (system.Length > 0)
        {
            json.WriteString("system_prompt", system);
        }

        if (options.Temperature is { } temperature)
        {
            json.WriteNumber("temperature", Math.Round(temperature, 4));
        }

        if (options.MaxOutputTokens is { } max)
        {
            json.WriteNumber(service.Vendor.Setting("max_tokens_field") ?? "max_tokens", max);
        }

        if (messages.SelectMany(message => message.Contents).FirstOrDefault(content => content is UriContent or DataContent) is { } image)
        {
            json.WriteString("image", image is UriContent there ? there.Uri.AbsoluteUri : ((DataContent)image).Uri);
        }

        json.WriteEndObject();
    }

    ChatResponse Read(JsonElement prediction)
    {
        if (prediction.Text("status") is not "succeeded")
        {
            var why = prediction.Text("error") ?? "the prediction ended without an answer.";
            throw VendorProblem.Read(endpoint, JsonSerializer.SerializeToElement(new { message = why }));
        }

        var output = prediction.Member("output") switch
        {
            { ValueKind: JsonValueKind.String } text => Answers.Clean(text.GetString()!),
            { ValueKind: JsonValueKind.Array } pieces => string.Concat(pieces.EnumerateArray().Where(piece => piece.ValueKind == JsonValueKind.String).Select(piece => Answers.Clean(piece.GetString()!))),
            _ => throw VendorErrors.Invalid(endpoint.Vendor, "its output is no text."),
        };
        var metrics = prediction.Member("metrics");
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, output))
        {
            ResponseId = prediction.Text("id"),
            FinishReason = ChatFinishReason.Stop,
            Usage = metrics?.Count("input_token_count") is { } input ? new UsageDetails { InputTokenCount = input, OutputTokenCount = metrics.Value.Count("output_token_count") } : null,
        };
    }

    async Task<JsonElement> Ask(HttpRequestMessage request, CancellationToken ct)
    {
        using var response = await http.Send(endpoint, request, isStream: false, ct);
        using var json = await response.Json(ct);
        return json.RootElement.Clone();
    }

    async Task Cancel(string id)
    {
        using var patience = new CancellationTokenSource(CancelPatience, http.Time);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.At($"/predictions/{id}/cancel"));
        try
        {
            using var response = await http.Send(endpoint, request, isStream: false, patience.Token);
        }
        catch (Exception e) when (e is ModelException or OperationCanceledException)
        {
            // It ends by itself, later and dearer; whoever gave up is not kept waiting for that.
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]{1,64}\z")]
    private static partial Regex Id();
}
