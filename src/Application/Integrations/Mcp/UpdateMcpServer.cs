using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>Changes what a server is called and whether it is used. Where it is stays: another place is another server, whose tools nobody has accepted.</summary>
[Requires("mcp:write")]
public sealed record UpdateMcpServer(string Server, McpServerPatch Patch) : ICommand<McpServerView>, IValidate
{
    static readonly string[] Statuses = ["active", "deprecated", "disabled"];

    public IEnumerable<FieldError> Validate() =>
    [
        .. McpRules.Text("/name", Patch.Name, 255),
        .. McpRules.Text("/description", Patch.Description.Value, 4000),
        .. McpRules.Text("/category", Patch.Category.Value, 63),
        .. McpRules.Link("/documentation_url", Patch.DocumentationUrl.Value),
        .. McpRules.Metadata("/metadata", Patch.Metadata),
        .. Patch.Status is null || Statuses.Contains(Patch.Status, StringComparer.Ordinal)
            ? (FieldError[])[]
            : [new FieldError("/status", "unknown_status", $"A status is one of {string.Join(", ", Statuses)}.")],
    ];
}

/// <summary>What is not given stays; null clears what may be missing.</summary>
public sealed record McpServerPatch
{
    public string? Name { get; init; }

    public Optional<string> Description { get; init; }

    public Optional<string> Category { get; init; }

    public Optional<string> DocumentationUrl { get; init; }

    /// <summary>An object of at most 16 KiB, taking the place of the one that is there.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>active, deprecated or disabled: then nobody can call its tools.</summary>
    public string? Status { get; init; }
}

file sealed class Handler(IMcpServers servers, IAudit audit) : IRequestHandler<UpdateMcpServer, Result<McpServerView>>
{
    public async Task<Result<McpServerView>> Handle(UpdateMcpServer request, CancellationToken cancellationToken)
    {
        if (await servers.FindForUpdate(McpName.Parse(request.Server), cancellationToken) is not { } before)
        {
            return McpErrors.ServerNotFound;
        }

        if (before.IsPlatform)
        {
            return McpErrors.Platforms;
        }

        var patch = request.Patch;
        var fields = new McpServerFields(
            patch.Name ?? before.Name, patch.Description.Or(before.Description), patch.Category.Or(before.Category), patch.DocumentationUrl.Or(before.DocumentationUrl),
            patch.Metadata ?? before.Metadata, patch.Status ?? before.Status);
        await servers.Update(before.Id, fields, cancellationToken);
        var after = (await servers.Find(new McpName(before.Id, null), cancellationToken))!;
        audit.Record("mcp_server.updated", "mcp_server", before.Id.ToString(), before, after);
        return after;
    }
}
