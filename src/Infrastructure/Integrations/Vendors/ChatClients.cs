using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Integrations.Vendors.Anthropic;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using AgentPlatform.Infrastructure.Integrations.Vendors.OpenAi;
using AgentPlatform.Infrastructure.Integrations.Vendors.Replicate;
using AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>Makes the client that speaks a vendor's protocol; it lives for one question.</summary>
sealed class ChatClients(VendorHttp http, TimeProvider time)
{
    /// <param name="secret">Null only for a vendor that needs none.</param>
    public IChatClient Create(VendorService service, Secret? secret, string effectKey) => service.Vendor.Protocol switch
    {
        Protocols.Sandbox => new SandboxChatClient(service, time),
        Protocols.OpenAi or Protocols.AzureOpenAi => new OpenAiChatClient(http, Endpoint(service, secret), service, effectKey),
        Protocols.Anthropic => new AnthropicChatClient(http, Endpoint(service, secret), service),
        Protocols.Replicate => new ReplicateChatClient(http, Endpoint(service, secret), service),
        _ => throw new ModelException(new SkillError("model_modality", $"{service.Vendor.Name} has no models to talk to.", SkillErrorClass.InvalidInput, Retryable: false)) { WasSent = false },
    };

    VendorEndpoint Endpoint(VendorService service, Secret? secret) => VendorEndpoint.Of(service.Vendor, secret, http.Policy);
}
