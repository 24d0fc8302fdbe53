using System.Globalization;
using System.Net.Http.Headers;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using AgentPlatform.Infrastructure.Integrations.Vendors.Media;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Stability;

/// <summary>Images as Stability makes them: a form goes there, an image comes back, and a header says whether it is what was asked for.</summary>
sealed class StabilityImages(VendorHttp http, VendorEndpoint endpoint, VendorService service, ImageQuestion question) : IMediaMaker
{
    public async Task<(byte[] Bytes, UsageDetails? Said)> Make(CancellationToken ct)
    {
        // The models of one family share an address, and are told apart in the form.
        var isSd3 = service.ServiceName.StartsWith("sd3", StringComparison.Ordinal);
        using var form = new MultipartFormDataContent();
        Add(form, "prompt", question.Prompt);
        Add(form, "negative_prompt", question.NegativePrompt);
        Add(form, "aspect_ratio", question.AspectRatio);
        Add(form, "output_format", question.Format);
        Add(form, "style_preset", question.Style);
        Add(form, "seed", question.Seed?.ToString(CultureInfo.InvariantCulture));
        Add(form, "model", isSd3 ? service.ServiceName : null);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.At($"/v2beta/stable-image/generate/{(isSd3 ? "sd3" : Uri.EscapeDataString(service.ServiceName))}")) { Content = form };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/*"));
        using var response = await http.Send(endpoint, request, isStream: false, ct);
        var bytes = await response.Bytes(IMedia.MaxBytes, ct);

        // A blurred image, which they charge for like any other.
        return response.Header("finish-reason") is "CONTENT_FILTERED"
            ? throw new ModelException(VendorErrors.ContentFiltered(endpoint.Vendor, "the image was withheld.").Error) { MayFallBack = true, MayHaveCost = true }
            : (bytes, null);
    }

    static void Add(MultipartFormDataContent form, string name, string? value)
    {
        if (value is not null)
        {
            form.Add(new StringContent(value), $"\"{name}\"");
        }
    }
}
