using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>Makes the client that speaks a vendor's protocol; it lives for one question.</summary>
sealed class ChatClients(TimeProvider time)
{
    public IChatClient Create(VendorService service) => service.Vendor.Protocol switch
    {
        Protocols.Sandbox => new SandboxChatClient(service, time),
        _ => throw new ModelException(new SkillError(
            "vendor_not_configured", $"{service.Vendor.Name} has no models that this server can ask.", SkillErrorClass.Credential, Retryable: false)) { MayFallBack = true },
    };
}
