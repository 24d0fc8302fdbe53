using AgentPlatform.Application.Integrations;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>In whose name a vendor is called.</summary>
/// <param name="Credential">The one to use, by name; null: whichever fits.</param>
readonly record struct VendorCaller(Guid TenantId, string? Credential, Guid? AgentId, Guid? UserId);

/// <summary>The key with which a question goes to a vendor: the tenant's own, always.</summary>
sealed class VendorSecrets(ICredentials credentials)
{
    /// <summary>Null for a vendor that needs none.</summary>
    /// <param name="mayDiffer">The named credential is that of another vendor, perhaps: then whichever fits this one is used.</param>
    public async ValueTask<Secret?> Of(Vendor vendor, VendorCaller caller, bool mayDiffer, CancellationToken ct)
    {
        if (!vendor.NeedsCredential)
        {
            return null;
        }

        var query = new CredentialQuery(caller.TenantId, caller.Credential, vendor.Id, AgentId: caller.AgentId, UserId: caller.UserId);
        var found = await credentials.Find(query, ct);
        if (found.Secret is null && mayDiffer && caller.Credential is not null)
        {
            found = await credentials.Find(query with { Name = null }, ct);
        }

        return found.Secret ?? throw new ModelException(found.Error!) { MayFallBack = true, WasSent = false };
    }
}
