using AgentPlatform.Infrastructure.Integrations.Vendors.Http;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.OpenAi;

static class OpenAiAddress
{
    /// <summary>Azure's address is given as its portal shows it, without the part that speaks this protocol.</summary>
    public static Uri Of(VendorEndpoint endpoint, string path) =>
        endpoint.At(endpoint.Vendor.Protocol == Protocols.AzureOpenAi && !endpoint.EndsWith("/v1") ? $"/openai/v1{path}" : path);
}
