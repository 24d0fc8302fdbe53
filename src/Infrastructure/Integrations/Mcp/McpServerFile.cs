using System.Text.Json;
using AgentPlatform.Domain.Shared.JsonSchema;
using AgentPlatform.Infrastructure.Shared.Yaml;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>
/// The platform's own MCP servers as an operator writes them: every tenant sees them, configures them for itself and accepts their tools for itself. A server that is there
/// becomes what the file says, but for its place; what the file does not name stays as it is.
/// </summary>
public sealed class McpServerFile
{
    const string Shape = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "additionalProperties": false,
          "required": ["servers"],
          "properties": {
            "servers": {
              "type": "array",
              "minItems": 1,
              "maxItems": 1000,
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["slug", "name"],
                "properties": {
                  "slug": { "type": "string", "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$" },
                  "name": { "type": "string", "minLength": 1, "maxLength": 255 },
                  "description": { "type": ["string", "null"], "minLength": 1, "maxLength": 4000 },
                  "category": { "type": ["string", "null"], "minLength": 1, "maxLength": 63 },
                  "transport": { "enum": ["http", "sse", "stdio"] },
                  "catalogue": { "type": "string", "pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$" },
                  "url": { "type": "string", "pattern": "^https?://[^ #]+$", "maxLength": 8192 },
                  "documentation_url": { "type": ["string", "null"], "pattern": "^https?://[^ ]+$", "maxLength": 2048 },
                  "metadata": { "type": "object" },
                  "status": { "enum": ["active", "deprecated", "disabled"] }
                },
                "if": { "properties": { "transport": { "const": "stdio" } }, "required": ["transport"] },
                "then": { "required": ["catalogue"], "properties": { "url": false } },
                "else": { "required": ["url"], "properties": { "catalogue": false } }
              }
            }
          }
        }
        """;

    // The rows are the platform's tenant's; the policies hold for the owner as well. A place never changes: what tenants send there was given for the one they know.
    const string Sql = """
        select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
        with given as (
          select * from rows from (
            jsonb_to_recordset(@document -> 'servers') as (
              slug text, name text, description text, category text, transport text, catalogue text, url text, documentation_url text, metadata jsonb, status text),
            unnest(@ids)) as s (slug, name, description, category, transport, catalogue, url, documentation_url, metadata, status, id)),
        done as (
          insert into integrations.mcp_servers as k (tenant_id, id, slug, name, description, category, transport, catalogue, url, documentation_url, metadata, status)
          select '00000000-0000-0000-0000-000000000000', id, slug, name, description, category, coalesce(transport, 'http'), catalogue, url, documentation_url,
            coalesce(metadata, '{}'), coalesce(status, 'active')
          from given
          on conflict (tenant_id, slug) do update set name = excluded.name, description = excluded.description, category = excluded.category,
            documentation_url = excluded.documentation_url, metadata = excluded.metadata, status = excluded.status, updated_at = now()
          where (k.transport, k.catalogue, k.url) is not distinct from (excluded.transport, excluded.catalogue, excluded.url)
          returning slug)
        select (select count(*) from done)::int, (select string_agg(g.slug, ', ' order by g.slug) from given g where not exists (select from done d where d.slug = g.slug))
        """;

    static readonly Lazy<CompiledSchema> Schema = new(() =>
        CompiledSchema.TryCompile(JsonElement.Parse(Shape), out var compiled, out var problems) ? compiled! : throw new InvalidOperationException(problems[0].Message));

    readonly string document;
    readonly int count;

    McpServerFile(JsonElement root) => (document, count) = (root.GetRawText(), root.GetProperty("servers").GetArrayLength());

    /// <summary>False: <paramref name="problem"/> names the first place that is wrong.</summary>
    public static bool TryRead(string yaml, out McpServerFile? file, out string? problem)
    {
        (file, problem) = (null, null);
        if (!YamlDocuments.TryRead(yaml, out var document, out var fault))
        {
            problem = fault!.Message;
            return false;
        }

        using (document)
        {
            if (Schema.Value.Validate(document!.RootElement, 1) is [var wrong, ..])
            {
                problem = $"{wrong.InstancePointer} {wrong.Message}";
                return false;
            }

            file = new McpServerFile(document.RootElement);
            return true;
        }
    }

    /// <summary>All of it, or nothing and why not.</summary>
    /// <param name="owner">Connection string of the role that owns the schema: no other may write the platform's rows.</param>
    public async Task<(int Servers, string? Refusal)> Apply(string owner, TimeProvider time, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(Sql, connection, transaction);
        command.Parameters.AddWithValue("document", NpgsqlDbType.Jsonb, document);
        command.Parameters.AddWithValue("ids", Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7(time.GetUtcNow())).ToArray());
        int servers;
        string? moved;
        try
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            await reader.NextResultAsync(ct);
            await reader.ReadAsync(ct);
            (servers, moved) = (reader.GetInt32(0), await reader.IsDBNullAsync(1, ct) ? null : reader.GetString(1));
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.CardinalityViolation)
        {
            return (0, "The file names a server twice.");
        }

        if (moved is not null)
        {
            return (0, $"These servers are at another place: {moved}. A place never changes; give what is elsewhere a slug of its own.");
        }

        await transaction.CommitAsync(ct);
        return (servers, null);
    }
}
