using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Http;

/// <summary>Where a vendor is, for one credential, and how that is shown to it.</summary>
sealed class VendorEndpoint
{
    readonly Uri address;
    readonly Secret secret;

    VendorEndpoint(Vendor vendor, Uri address, Secret secret) => (Vendor, this.address, this.secret) = (vendor, address, secret);

    public Vendor Vendor { get; }

    /// <summary>The vendor's address, or the one that the credential names: a server of the tenant's own, or the tenant's part of a cloud.</summary>
    public static VendorEndpoint Of(Vendor vendor, Secret secret, EgressPolicy policy)
    {
        var given = secret.Fields.GetValueOrDefault("base_url");
        if ((given ?? vendor.BaseUrl) is not { Length: > 0 } text)
        {
            throw Refused($"The credential {secret.Name} needs a base_url: {vendor.Name} has no address that is the same for everybody.");
        }

        Uri address;
        try
        {
            address = EgressUrl.Parse(text.TrimEnd('/'), policy);
        }
        catch (EgressRefusedException e)
        {
            throw new ModelException(new SkillError(e.Code, e.Message, SkillErrorClass.Egress, Retryable: false), e) { WasSent = false };
        }

        if (address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw Refused($"The base_url of the credential {secret.Name} has a query or a fragment.");
        }

        // A key that was made for a vendor goes to that vendor, unless who stored it said where else.
        if (secret.AllowedHosts.Count > 0 && !secret.AllowedHosts.Any(allowed => Covers(allowed, address.IdnHost)))
        {
            throw Refused($"The credential {secret.Name} may not be sent to {address.IdnHost}.");
        }

        return new VendorEndpoint(vendor, address, secret);
    }

    public Uri At(string path) => new($"{address.AbsoluteUri.TrimEnd('/')}{path}");

    /// <summary>Whether the base address itself ends so, as some people write it.</summary>
    public bool EndsWith(string path) => address.AbsolutePath.EndsWith(path, StringComparison.Ordinal);

    public void Authenticate(HttpRequestMessage request)
    {
        var value = secret.Value ?? throw Refused($"The credential {secret.Name} holds no api_key.");
        if (value.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
        {
            throw Refused($"The credential {secret.Name} holds characters that no header can carry.");
        }

        var isBearer = secret.AuthType is "oauth2" or "bearer_token";
        var (name, text) = Vendor.Protocol switch
        {
            Protocols.AzureOpenAi when !isBearer => ("api-key", value),
            Protocols.Anthropic when !isBearer => ("x-api-key", value),
            Protocols.ElevenLabs when !isBearer => ("xi-api-key", value),
            _ => ("Authorization", $"Bearer {value}"),
        };
        request.Headers.TryAddWithoutValidation(name, text);
    }

    /// <summary>What a vendor says may hold what it was sent.</summary>
    public string Masked(string text) => secret.Fields.Where(field => field.Key != "base_url" && field.Value.Length >= 6).Aggregate(text, (masked, field) => masked.Replace(field.Value, "***", StringComparison.Ordinal));

    static bool Covers(string allowed, string host) => allowed.StartsWith("*.", StringComparison.Ordinal)
        ? host.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)
        : host.Equals(allowed, StringComparison.OrdinalIgnoreCase);

    static ModelException Refused(string why) => new(new SkillError("credential_unusable", why, SkillErrorClass.Credential, Retryable: false)) { MayFallBack = true, WasSent = false };
}
