using System.Text.Json;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.OpenAi;

/// <summary>Embeddings as OpenAI defined them.</summary>
sealed class OpenAiEmbeddings(VendorHttp http, VendorEndpoint endpoint, VendorService service) : IEmbeddingGenerator<string, Embedding<float>>
{
    const int MaxDimensions = 16_384;

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values as IReadOnlyList<string> ?? [.. values];
        using var request = JsonBody.Post(OpenAiAddress.Of(endpoint, "/embeddings"), json => Write(json, texts, options?.Dimensions));
        using var response = await http.Send(endpoint, request, isStream: false, cancellationToken);
        using var answer = await response.Json(cancellationToken);
        if (answer.RootElement.Member("error") is { } error)
        {
            throw VendorProblem.Read(endpoint, error);
        }

        var vectors = new Embedding<float>?[texts.Count];
        var place = 0L;
        foreach (var item in answer.RootElement.Items("data"))
        {
            var index = item.Count("index") ?? place;
            place++;
            if (index < 0 || index >= vectors.Length || vectors[index] is not null)
            {
                throw VendorErrors.Invalid(endpoint.Vendor, "a vector of it belongs to no text.");
            }

            vectors[index] = new Embedding<float>(Read(item));
        }

        return vectors.All(vector => vector is not null && vector.Dimensions == vectors[0]!.Dimensions)
            ? new GeneratedEmbeddings<Embedding<float>>(vectors!) { Usage = OpenAiAnswer.Usage(answer.RootElement) }
            : throw VendorErrors.Invalid(endpoint.Vendor, "vectors are missing, or of different lengths.");
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The connections belong to everybody.
    }

    void Write(Utf8JsonWriter json, IReadOnlyList<string> texts, int? dimensions)
    {
        json.WriteString("model", service.ServiceName);
        json.WriteStartArray("input");
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
        json.WriteString("encoding_format", "float");
        if (dimensions is { } count)
        {
            json.WriteNumber("dimensions", count);
        }
    }

    float[] Read(JsonElement item)
    {
        if (item.Member("embedding") is not { ValueKind: JsonValueKind.Array } numbers || numbers.GetArrayLength() is var length && length is 0 or > MaxDimensions)
        {
            throw VendorErrors.Invalid(endpoint.Vendor, "a vector of it is none.");
        }

        var vector = new float[length];
        for (var i = 0; i < length; i++)
        {
            vector[i] = numbers[i].TryGetSingle(out var number) && float.IsFinite(number) ? number : throw VendorErrors.Invalid(endpoint.Vendor, "a vector of it holds something that is no number.");
        }

        return vector;
    }
}
