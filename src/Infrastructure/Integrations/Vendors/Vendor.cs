using System.Text.Json;
using AgentPlatform.Domain.Billing;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <param name="Protocol">How it is spoken to: one of <see cref="Protocols"/>.</param>
/// <param name="BaseUrl">Null: each credential says its own.</param>
/// <param name="Settings">What is peculiar to this vendor within its protocol.</param>
sealed record Vendor(string Id, string Name, string Description, string AuthType, string Protocol, string? BaseUrl, JsonElement Settings)
{
    public bool NeedsCredential => AuthType != "none";

    public bool IsSandbox => Protocol == Protocols.Sandbox;

    /// <summary>A setting that is on unless the vendor's row says otherwise.</summary>
    public bool Allows(string setting) => !Settings.TryGetProperty(setting, out var value) || value.ValueKind != JsonValueKind.False;

    public string? Setting(string name) => Settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <param name="Id">As agents name it, <c>vendor/service</c>.</param>
/// <param name="ServiceName">As the vendor names it.</param>
/// <param name="Modality"><c>chat</c>, <c>embedding</c>, <c>image</c>, <c>speech</c> or <c>transcription</c>.</param>
/// <param name="ContextWindow">Tokens, prompt and answer together.</param>
/// <param name="MaxOutput">Tokens of an answer.</param>
sealed record VendorService(
    string Id, Vendor Vendor, string ServiceName, string DisplayName, string? Description, string Modality, int? ContextWindow, int? MaxOutput, JsonElement Capabilities, PriceBook Prices)
{
    /// <summary>The registry says that it cannot do this.</summary>
    public bool Lacks(string capability) => Capabilities.TryGetProperty(capability, out var value) && value.ValueKind == JsonValueKind.False;

    /// <summary>It can do this, as far as the registry knows.</summary>
    public bool Can(string capability) => Capabilities.TryGetProperty(capability, out var value) && value.ValueKind == JsonValueKind.True;
}

static class Protocols
{
    public const string Sandbox = "sandbox";
    public const string OpenAi = "openai";
    public const string AzureOpenAi = "azure_openai";
    public const string Anthropic = "anthropic";
    public const string Replicate = "replicate";
    public const string ElevenLabs = "elevenlabs";
    public const string Stability = "stability";
}
