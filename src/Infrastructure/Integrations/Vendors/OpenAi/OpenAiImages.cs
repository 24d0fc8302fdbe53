using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using AgentPlatform.Infrastructure.Integrations.Vendors.Media;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.OpenAi;

/// <summary>
/// Images as OpenAI defined them: in base64 within JSON. Its newer models always answer so; servers that would rather give an address say in the service's
/// capabilities what to write into <c>response_format</c>.
/// </summary>
sealed class OpenAiImages(VendorHttp http, VendorEndpoint endpoint, VendorService service, ImageQuestion question) : IMediaMaker
{
    public async Task<(byte[] Bytes, UsageDetails? Said)> Make(CancellationToken ct)
    {
        using var request = JsonBody.Post(OpenAiAddress.Of(endpoint, "/images/generations"), Write);
        if (service.Vendor.Setting("idempotency_header") is { } header)
        {
            request.Headers.TryAddWithoutValidation(header, question.EffectKey);
        }

        using var response = await http.Send(endpoint, request, isStream: false, ct);
        using var answer = await response.Json(ct);
        var root = answer.RootElement;
        if (root.Member("error") is { } error)
        {
            throw VendorProblem.Read(endpoint, error);
        }

        var image = root.Items("data").FirstOrDefault().Text("b64_json") ?? throw VendorErrors.Invalid(endpoint.Vendor, "it holds no image.");
        return (Decode(image), Usage(root));
    }

    void Write(Utf8JsonWriter json)
    {
        json.WriteString("model", service.ServiceName);
        json.WriteString("prompt", question.Prompt);
        json.WriteNumber("n", 1);
        json.WriteString("size", Size());
        if (service.Capabilities.Text("response_format") is { } form)
        {
            json.WriteString("response_format", form);
        }
        else
        {
            json.WriteString("output_format", question.Format);
        }
    }

    /// <summary>Of the three shapes that there are, the one that was meant.</summary>
    string Size() => question.AspectRatio.Split(':') is [var width, var height] && int.TryParse(width, out var x) && int.TryParse(height, out var y) && x != y
        ? x > y ? "1536x1024" : "1024x1536"
        : "1024x1024";

    byte[] Decode(string base64)
    {
        if (base64.Length / 4L * 3 > IMedia.MaxBytes)
        {
            throw VendorErrors.TooLarge(endpoint.Vendor, IMedia.MaxBytes);
        }

        var bytes = new byte[(base64.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : throw VendorErrors.Invalid(endpoint.Vendor, "its image is no base64.");
    }

    static UsageDetails? Usage(JsonElement root) => root.Member("usage") is { } usage && usage.Count("input_tokens") is { } input && usage.Count("output_tokens") is { } output
        ? new UsageDetails { InputTokenCount = input, OutputTokenCount = output }
        : null;
}
