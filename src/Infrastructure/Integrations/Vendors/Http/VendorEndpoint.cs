using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Http;

/// <summary>Where a vendor is, for one credential, and how that is shown to it.</summary>
sealed class VendorEndpoint
{
    /// <summary>Shorter values are words that stand anywhere.</summary>
    const int MinMasked = 6;

    readonly Uri address;
    readonly Secret? secret;

    VendorEndpoint(Vendor vendor, Uri address, Secret? secret) => (Vendor, this.address, this.secret) = (vendor, address, secret);

    public Vendor Vendor { get; }

    /// <summary>The vendor's address, or the one that the credential names: a server of the tenant's own, or the tenant's part of a cloud.</summary>
    /// <param name="secret">Null: the vendor wants none.</param>
    public static VendorEndpoint Of(Vendor vendor, Secret? secret, EgressPolicy policy)
    {
        if ((secret?.Fields.GetValueOrDefault("base_url") ?? vendor.BaseUrl) is not { Length: > 0 } text)
        {
            throw Refused($"The credential for {vendor.Name} needs a base_url: this vendor has no address that is the same for everybody.");
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
            throw Refused($"The address of {vendor.Name} has a query or a fragment.");
        }

        // A key goes to its vendor, unless who stored it said where else.
        var sent = secret is null or { AllowedHosts.Count: > 0 } ? secret : secret with { AllowedHosts = [address.IdnHost.Trim('[', ']').ToLowerInvariant()] };
        return sent?.Refusal(address, policy.IsListed(address.IdnHost.Trim('[', ']'))) is { } refusal
            ? throw new ModelException(refusal) { MayFallBack = true, WasSent = false }
            : new VendorEndpoint(vendor, address, secret);
    }

    public Uri At(string path) => new($"{address.AbsoluteUri.TrimEnd('/')}{path}");

    /// <summary>Whether the base address itself ends so, as some people write it.</summary>
    public bool EndsWith(string path) => address.AbsolutePath.EndsWith(path, StringComparison.Ordinal);

    public void Authenticate(HttpRequestMessage request)
    {
        if (secret is null)
        {
            return;
        }

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
    public string Masked(string text) => secret is null ? text
        : SecretFields.Hidden(secret.Fields).Where(value => value.Length >= MinMasked).Aggregate(text, (masked, value) => masked.Replace(value, "***", StringComparison.Ordinal));

    static ModelException Refused(string why) => new(new SkillError("credential_unusable", why, SkillErrorClass.Credential, Retryable: false)) { MayFallBack = true, WasSent = false };
}
