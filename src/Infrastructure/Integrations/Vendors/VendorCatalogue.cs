using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>All vendors and services that can be used, as of one moment; immutable.</summary>
sealed class VendorCatalogue
{
    readonly Dictionary<string, VendorService> byId;
    readonly ILookup<string, VendorService> byName;

    public VendorCatalogue(IReadOnlyList<Vendor> vendors, IReadOnlyList<VendorService> services)
    {
        Vendors = vendors;
        Services = services.ToLookup(service => service.Vendor.Id);
        byId = services.ToDictionary(service => service.Id);
        byName = services.ToLookup(service => service.Id[(service.Id.IndexOf('/') + 1)..]);
    }

    public IReadOnlyList<Vendor> Vendors { get; }

    /// <summary>By the vendor's id.</summary>
    public ILookup<string, VendorService> Services { get; }

    /// <summary>
    /// The service of that name: <c>vendor/service</c>, or the service alone where only one vendor has it. Where a vendor takes any model
    /// (<c>vendor/*</c>), what it has no row for is passed on as it stands.
    /// </summary>
    public (VendorService? Service, SkillError? Error) Find(string name)
    {
        if (byId.TryGetValue(name, out var service))
        {
            return (service, null);
        }

        var slash = name.IndexOf('/');
        if (slash > 0 && byId.TryGetValue($"{name[..slash]}/*", out var any))
        {
            return (any with { Id = name, ServiceName = name[(slash + 1)..] }, null);
        }

        return byName[name].ToList() switch
        {
            [var only] => (only, null),
            [] => (null, Unknown(name)),
            var several => (null, new SkillError(
                "model_ambiguous", $"Several vendors have a model {name}: write {string.Join(" or ", several.Select(s => s.Id))}.", SkillErrorClass.InvalidInput, Retryable: false)),
        };
    }

    SkillError Unknown(string name)
    {
        var vendor = name.Split('/')[0];
        var known = Vendors.FirstOrDefault(v => v.Id == vendor);
        return new SkillError(
            "model_unknown",
            known is null
                ? $"No vendor of this server has a model {name}; GET /v1/vendors lists what there is."
                : $"{known.Name} has no model {name} on this server; GET /v1/vendors/{vendor}/services lists those that it has.",
            SkillErrorClass.InvalidInput, Retryable: false);
    }
}
