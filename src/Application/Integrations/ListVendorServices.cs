using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Integrations;

/// <summary>What a vendor offers, and what it costs now.</summary>
/// <param name="Modality">Null: all.</param>
[Requires("agents:read")]
public sealed record ListVendorServices(string Vendor, string? Modality = null) : IQuery<Page<VendorServiceView>>;
