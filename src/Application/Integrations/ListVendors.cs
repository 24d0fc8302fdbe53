using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Integrations;

/// <summary>The vendors whose models agents can use, by id.</summary>
[Requires("agents:read")]
public sealed record ListVendors : IQuery<Page<VendorView>>;
