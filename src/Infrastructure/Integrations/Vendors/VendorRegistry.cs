using System.Text.Json;
using AgentPlatform.Domain.Billing;
using AgentPlatform.Infrastructure.Shared;
using Dapper;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>The registry of vendors in memory: read once, and again after somebody changed it.</summary>
sealed class VendorRegistry(DataSources sources) : INotified
{
    const string Sql = """
        select id, name, description, auth_type, protocol, base_url, settings from integrations.vendors where is_active order by id;
        select s.id, s.vendor_id, s.service_name, s.display_name, s.description, s.modality, s.context_window, s.max_output, s.capabilities
        from integrations.vendor_services s join integrations.vendors v on v.id = s.vendor_id
        where s.is_active and v.is_active order by s.id;
        select service_id, valid_from, from_prompt_tokens, currency, input_micros_per_mtok, output_micros_per_mtok, cached_input_micros_per_mtok, unit_micros
        from integrations.vendor_prices;
        """;

    readonly Lock gate = new();
    Task<VendorCatalogue>? loaded;

    public string Topic => "vendors";

    /// <summary>As it is now; a round trip only after a change.</summary>
    public async ValueTask<VendorCatalogue> Current(CancellationToken ct)
    {
        Task<VendorCatalogue> asked;
        lock (gate)
        {
            // Parallel askers share one reading, so none of them can cancel it; one that failed is not kept.
            asked = loaded is null or { IsFaulted: true } or { IsCanceled: true } ? loaded = Load() : loaded;
        }

        return await asked.WaitAsync(ct);
    }

    public void Told(string what) => Lost();

    public void Lost()
    {
        lock (gate)
        {
            loaded = null;
        }
    }

    async Task<VendorCatalogue> Load()
    {
        await using var connection = await sources.App.OpenConnectionAsync();
        using var results = await connection.QueryMultipleAsync(Sql);
        var vendors = (await results.ReadAsync<VendorRow>()).ToDictionary(row => row.Id, row => row.ToVendor());
        var services = (await results.ReadAsync<ServiceRow>()).AsList();
        var prices = (await results.ReadAsync<PriceRow>()).ToLookup(row => row.ServiceId, row => row.ToPrice());
        return new VendorCatalogue([.. vendors.Values], [.. services.Select(row => row.ToService(vendors[row.VendorId], prices[row.Id]))]);
    }

    sealed record VendorRow(string Id, string Name, string Description, string AuthType, string Protocol, string? BaseUrl, JsonElement Settings)
    {
        public Vendor ToVendor() => new(Id, Name, Description, AuthType, Protocol, BaseUrl, Settings);
    }

    sealed record ServiceRow(
        string Id, string VendorId, string ServiceName, string DisplayName, string? Description, string Modality, int? ContextWindow, int? MaxOutput, JsonElement Capabilities)
    {
        public VendorService ToService(Vendor vendor, IEnumerable<DatedPrice> prices) =>
            new(Id, vendor, ServiceName, DisplayName, Description, Modality, ContextWindow, MaxOutput, Capabilities, new PriceBook(prices));
    }

    sealed record PriceRow(
        string ServiceId, DateTimeOffset ValidFrom, int FromPromptTokens, string Currency, long InputMicrosPerMtok, long OutputMicrosPerMtok, long CachedInputMicrosPerMtok, long UnitMicros)
    {
        public DatedPrice ToPrice() => new(ValidFrom, FromPromptTokens, new Price(Currency, InputMicrosPerMtok, OutputMicrosPerMtok, CachedInputMicrosPerMtok, UnitMicros));
    }
}
