using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>Changes single things about how the tenant uses a server; checked and recorded like a whole configuration.</summary>
[Requires("mcp:write")]
public sealed record PatchMcpConfig(string Server, McpConfigPatch Patch) : ICommand<McpServerView>;

/// <summary>What is not given stays; null clears.</summary>
public sealed record McpConfigPatch
{
    public bool? Enabled { get; init; }

    public Optional<string> Credential { get; init; }

    /// <summary>Headers by name: one that is given is set, null removes it, the others stay.</summary>
    public Dictionary<string, string?>? Headers { get; init; }

    /// <summary>As the headers, of what the catalogue's entry asks for.</summary>
    public Dictionary<string, string?>? Values { get; init; }

    /// <summary>Both limits together.</summary>
    public Optional<McpLimitsBody> Limits { get; init; }

    public Optional<Guid[]> AllowedUsers { get; init; }
}

file sealed class Handler(IMcpServers servers, IMediator mediator) : IRequestHandler<PatchMcpConfig, Result<McpServerView>>
{
    public async Task<Result<McpServerView>> Handle(PatchMcpConfig request, CancellationToken cancellationToken)
    {
        if (await servers.FindForUpdate(McpName.Parse(request.Server), cancellationToken) is not { } server)
        {
            return McpErrors.ServerNotFound;
        }

        var (now, patch) = (server.Config, request.Patch);
        var (headers, values) = await servers.Secrets(server.Id, cancellationToken);
        return await mediator.Send(
            new ConfigureMcpServer(server.Id.ToString(), new McpConfigBody(
                patch.Enabled ?? now.Enabled,
                patch.Credential.Or(now.Credential),
                patch.Headers is { } newHeaders ? Merged(headers, newHeaders, StringComparer.OrdinalIgnoreCase) : null,
                patch.Values is { } newValues ? Merged(values, newValues, StringComparer.Ordinal) : null,
                patch.Limits.Or(Limits(now.Limits)),
                patch.AllowedUsers.Or(now.AllowedUsers))),
            cancellationToken);
    }

    static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> stored, Dictionary<string, string?> given, StringComparer names)
    {
        var merged = stored.Where(entry => !given.Keys.Contains(entry.Key, names)).ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            if (value is not null)
            {
                merged[name] = value;
            }
        }

        return merged;
    }

    static McpLimitsBody Limits(JsonElement limits) => new(Number(limits, "timeout_ms"), Number(limits, "max_result_bytes"));

    static int? Number(JsonElement limits, string name) => limits.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : null;
}
