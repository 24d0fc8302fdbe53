using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>
/// Adds an MCP server: one with an address, or one of the operator's catalogue that runs as a process. There is no field for a command, by design.
/// </summary>
/// <param name="Transport"><c>http</c> when not given.</param>
[Requires("mcp:write")]
public sealed record RegisterMcpServer(
    string Slug, string Name, string? Description = null, string? Category = null, string Transport = "http", string? Catalogue = null, string? Url = null,
    string? DocumentationUrl = null, JsonElement? Metadata = null)
    : ICommand<McpServerView>, IValidate
{
    public IEnumerable<FieldError> Validate()
    {
        if (Domain.Shared.Slug.Check("/slug", Slug) is { } fault)
        {
            yield return fault;
        }
        else if (Guid.TryParseExact(Slug, "D", out _))
        {
            yield return new FieldError("/slug", "invalid_slug", "A slug may not look like an id.");
        }

        foreach (var bad in (FieldError[])
        [
            .. McpRules.Text("/name", Name, 255),
            .. McpRules.Text("/description", Description, 4000),
            .. McpRules.Text("/category", Category, 63),
            .. McpRules.Link("/documentation_url", DocumentationUrl),
            .. McpRules.Metadata("/metadata", Metadata),
            .. CheckPlace(),
        ])
        {
            yield return bad;
        }
    }

    IEnumerable<FieldError> CheckPlace() => Transport switch
    {
        "stdio" => [
            .. Catalogue is null ? [new FieldError("/catalogue", "required", "A server that runs as a process is one of the operator's catalogue; name its entry.")] : (FieldError[])[],
            .. Url is null ? [] : (FieldError[])[new FieldError("/url", "not_allowed", "A server that runs as a process has no URL.")],
        ],
        "http" or "sse" => [
            .. Url is null ? [new FieldError("/url", "required", "Give the URL at which the server answers.")] : (FieldError[])[],
            .. Catalogue is null ? [] : (FieldError[])[new FieldError("/catalogue", "not_allowed", "Only a server of transport stdio is taken from the catalogue.")],
        ],
        _ => [new FieldError("/transport", "not_allowed", $"This is one of: {string.Join(", ", McpRules.Transports)}.")],
    };
}

file sealed class Handler(IMcpServers servers, IMcpPlaces places, TimeProvider time, IAudit audit) : IRequestHandler<RegisterMcpServer, Result<McpServerView>>
{
    static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    public async Task<Result<McpServerView>> Handle(RegisterMcpServer request, CancellationToken cancellationToken)
    {
        if (request.Url is { } url && places.CheckUrl("/url", url) is { } fault)
        {
            return Error.Invalid(fault);
        }

        if (request.Catalogue is { } entry && !places.Catalogue.Any(known => known.Name == entry))
        {
            return Error.Invalid("/catalogue", "unknown_catalogue_entry", "The operator's catalogue has no such entry; GET /v1/mcp-catalogue lists them.");
        }

        if (await servers.Count(cancellationToken) >= McpRules.MaxServers)
        {
            return McpErrors.TooMany;
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        var server = new NewMcpServer(
            id, request.Slug, request.Name, request.Description, request.Category, request.Transport, request.Catalogue, request.Url, request.DocumentationUrl,
            request.Metadata ?? Nothing);
        if (!await servers.Add(server, cancellationToken))
        {
            return McpErrors.SlugTaken;
        }

        audit.Record("mcp_server.created", "mcp_server", id.ToString(), before: null, server);
        return (await servers.Find(new McpName(id, null), cancellationToken))!;
    }
}
