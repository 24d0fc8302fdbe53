using System.Text.Json;

namespace AgentPlatform.Application.Integrations;

/// <param name="AuthType"><c>none</c>, <c>api_key</c>, <c>bearer_token</c> or <c>oauth2</c>.</param>
/// <param name="BaseUrl">Null: a credential for it names its own, as <c>base_url</c>.</param>
/// <param name="Services">How many it offers.</param>
public sealed record VendorView(string Id, string Name, string Description, string AuthType, string Protocol, string? BaseUrl, int Services);

/// <param name="Id">As agents name it; one that ends in <c>/*</c> stands for every model of the vendor.</param>
/// <param name="ServiceName">As the vendor names it.</param>
/// <param name="Modality"><c>chat</c>, <c>embedding</c>, <c>image</c>, <c>speech</c> or <c>transcription</c>.</param>
/// <param name="Prices">In force now; several where a long prompt is dearer; none where nobody has told what it costs.</param>
public sealed record VendorServiceView(
    string Id, string Vendor, string ServiceName, string DisplayName, string? Description, string Modality, int? ContextWindow, int? MaxOutput, JsonElement Capabilities,
    IReadOnlyList<VendorPriceView> Prices);

/// <summary>Millionths of the currency for a million tokens; <paramref name="UnitMicros"/> for an image, a character or a second.</summary>
/// <param name="FromPromptTokens">For calls with at least so many prompt tokens.</param>
public sealed record VendorPriceView(
    DateTimeOffset ValidFrom, long FromPromptTokens, string Currency, long InputMicrosPerMtok, long OutputMicrosPerMtok, long CachedInputMicrosPerMtok, long UnitMicros);
