using System.Text.Json;
using AgentPlatform.Domain.Shared.JsonSchema;
using AgentPlatform.Infrastructure.Shared.Yaml;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>
/// Vendors, services and prices as an operator writes them. A vendor or service that is there becomes what the file says; what the file does not name
/// stays as it is. A price that is there stays for ever: another one needs another time.
/// </summary>
public sealed class VendorFile
{
    const string Sql = """
        with given as (select @document::jsonb as d),
        vendor_rows as (
          select v.* from given, jsonb_to_recordset(d -> 'vendors') as v(
            id text, name text, description text, auth_type text, protocol text, base_url text, settings jsonb, is_active boolean)),
        vendors as (
          insert into integrations.vendors (id, name, description, auth_type, protocol, base_url, settings, is_active)
          select id, name, description, auth_type, protocol, base_url, coalesce(settings, '{}'), coalesce(is_active, true) from vendor_rows
          on conflict (id) do update set name = excluded.name, description = excluded.description, auth_type = excluded.auth_type, protocol = excluded.protocol,
            base_url = excluded.base_url, settings = excluded.settings, is_active = excluded.is_active, updated_at = now()
          returning id),
        service_rows as (
          select s.* from given, jsonb_to_recordset(d -> 'services') as s(
            id text, service_name text, display_name text, description text, modality text, context_window integer, max_output integer, capabilities jsonb, is_active boolean)),
        services as (
          insert into integrations.vendor_services (id, vendor_id, service_name, display_name, description, modality, context_window, max_output, capabilities, is_active)
          select id, split_part(id, '/', 1), service_name, display_name, description, modality, context_window, max_output, coalesce(capabilities, '{}'), coalesce(is_active, true)
          from service_rows
          on conflict (id) do update set service_name = excluded.service_name, display_name = excluded.display_name, description = excluded.description, modality = excluded.modality,
            context_window = excluded.context_window, max_output = excluded.max_output, capabilities = excluded.capabilities, is_active = excluded.is_active, updated_at = now()
          returning id),
        price_rows as (
          select p.service_id, p.valid_from, coalesce(p.from_prompt_tokens, 0) as from_prompt_tokens, coalesce(p.input_micros_per_mtok, 0) as input_micros_per_mtok,
            coalesce(p.output_micros_per_mtok, 0) as output_micros_per_mtok, coalesce(p.cached_input_micros_per_mtok, p.input_micros_per_mtok, 0) as cached_input_micros_per_mtok,
            coalesce(p.unit_micros, 0) as unit_micros, coalesce(p.currency, 'USD') as currency
          from given, jsonb_to_recordset(d -> 'prices') as p(
            service_id text, valid_from timestamptz, from_prompt_tokens integer, input_micros_per_mtok bigint, output_micros_per_mtok bigint, cached_input_micros_per_mtok bigint,
            unit_micros bigint, currency text)),
        prices as (
          insert into integrations.vendor_prices (
            service_id, valid_from, from_prompt_tokens, input_micros_per_mtok, output_micros_per_mtok, cached_input_micros_per_mtok, unit_micros, currency)
          select * from price_rows
          on conflict do nothing returning service_id)
        select (select count(*) from vendors)::int, (select count(*) from services)::int, (select count(*) from prices)::int, (
          select k.service_id || ' has another price from ' || k.valid_from || ' on: a price is never changed, give the new one a later valid_from.'
          from integrations.vendor_prices k join price_rows p using (service_id, valid_from, from_prompt_tokens)
          where (k.input_micros_per_mtok, k.output_micros_per_mtok, k.cached_input_micros_per_mtok, k.unit_micros, k.currency)
            <> (p.input_micros_per_mtok, p.output_micros_per_mtok, p.cached_input_micros_per_mtok, p.unit_micros, p.currency)
          limit 1)
        """;

    static readonly Lazy<CompiledSchema> Shape = new(() =>
        CompiledSchema.TryCompile(JsonElement.Parse(VendorFileSchema.Json), out var compiled, out var problems) ? compiled! : throw new InvalidOperationException(problems[0].Message));

    readonly string document;

    VendorFile(string document) => this.document = document;

    /// <summary>False: <paramref name="problem"/> names the first place that is wrong.</summary>
    public static bool TryRead(string yaml, out VendorFile? file, out string? problem)
    {
        (file, problem) = (null, null);
        if (!YamlDocuments.TryRead(yaml, out var document, out var fault))
        {
            problem = fault!.Message;
            return false;
        }

        using (document)
        {
            if (Shape.Value.Validate(document!.RootElement, 1) is [var wrong, ..])
            {
                problem = $"{wrong.InstancePointer} {wrong.Message}";
                return false;
            }

            file = new VendorFile(document.RootElement.GetRawText());
            return true;
        }
    }

    /// <summary>All of it, or nothing and why not.</summary>
    /// <param name="owner">Connection string of the role that owns the schema: no other may write here.</param>
    public async Task<Applied> Apply(string owner, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(Sql, connection, transaction);
        command.Parameters.AddWithValue("document", NpgsqlDbType.Jsonb, document);
        Applied applied;
        try
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            applied = new Applied(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), await reader.IsDBNullAsync(3, ct) ? null : reader.GetString(3));
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ForeignKeyViolation)
        {
            return new Applied(0, 0, 0, "A service belongs to a vendor, or a price to a service, that is neither there nor in the file.");
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.CheckViolation or PostgresErrorCodes.CardinalityViolation or PostgresErrorCodes.DatetimeFieldOverflow)
        {
            return new Applied(0, 0, 0, e.MessageText);
        }

        if (applied.Refusal is null)
        {
            await transaction.CommitAsync(ct);
        }

        return applied;
    }

    /// <param name="Refusal">Why nothing was changed.</param>
    public sealed record Applied(int Vendors, int Services, int Prices, string? Refusal);
}
