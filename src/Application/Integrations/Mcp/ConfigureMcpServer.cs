using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations.Mcp;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>Says how the tenant uses a server. The whole configuration is replaced, but headers and values that are not given stay as they are.</summary>
[Requires("mcp:write")]
public sealed record ConfigureMcpServer(string Server, McpConfigBody Config) : ICommand<McpServerView>, IValidate
{
    public IEnumerable<FieldError> Validate() => Config.Check();
}

/// <param name="Credential">Name of a credential; it is sent only to hosts that it is for.</param>
/// <param name="Headers">Sent with every request to an http or sse server; secrets. Null leaves those that are stored, an empty object removes them.</param>
/// <param name="Values">What the catalogue's entry asks for; secrets. Null leaves those that are stored.</param>
/// <param name="AllowedUsers">Null: everybody.</param>
public sealed record McpConfigBody(
    bool Enabled = true, string? Credential = null, Dictionary<string, string>? Headers = null, Dictionary<string, string>? Values = null, McpLimitsBody? Limits = null,
    Guid[]? AllowedUsers = null)
{
    const int MaxEntries = 32;
    const int MaxValue = 4096;
    const int MaxUsers = 1000;

    /// <summary>What the protocol or HTTP itself says, and what would say that we are somebody else.</summary>
    static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Trailer", "Accept", "Accept-Encoding", "Expect", "Cookie", "Origin",
        "Proxy-Authorization", "Proxy-Connection", "Forwarded", "Mcp-Session-Id", "Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name", "Last-Event-ID",
    };

    internal IEnumerable<FieldError> Check() =>
    [
        .. McpRules.Text("/credential", Credential, 255),
        .. McpLimits.Check("/limits", Limits?.TimeoutMs, Limits?.MaxResultBytes),
        .. CheckHeaders(),
        .. Values?.Count > MaxEntries ? [TooMany("/values")] : (FieldError[])[],
        .. AllowedUsers?.Length > MaxUsers ? [new FieldError("/allowed_users", "too_many", $"At most {MaxUsers} people can be named.")] : (FieldError[])[],
    ];

    static FieldError TooMany(string pointer) => new(pointer, "too_many", $"At most {MaxEntries} are allowed.");

    IEnumerable<FieldError> CheckHeaders()
    {
        if (Headers?.Count > MaxEntries)
        {
            return [TooMany("/headers")];
        }

        return (Headers ?? []).Where(header => !IsHeader(header.Key, header.Value)).Select(header => new FieldError(
            $"/headers/{header.Key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", "invalid_header",
            $"A header has a name of letters, digits and hyphens that is not one of the protocol's own, and 1 to {MaxValue} printable ASCII characters."));
    }

    static bool IsHeader(string name, string? value) =>
        name.Length is > 0 and <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !Reserved.Contains(name)
        && value is { Length: > 0 and <= MaxValue } && value.All(c => c is >= ' ' and <= '~');
}

public sealed record McpLimitsBody(int? TimeoutMs = null, int? MaxResultBytes = null);

file sealed class Handler(IMcpServers servers, IMcpPlaces places, IAudit audit) : IRequestHandler<ConfigureMcpServer, Result<McpServerView>>
{
    public async Task<Result<McpServerView>> Handle(ConfigureMcpServer request, CancellationToken cancellationToken)
    {
        if (await servers.FindForUpdate(McpName.Parse(request.Server), cancellationToken) is not { } before)
        {
            return McpErrors.ServerNotFound;
        }

        if (Misplaced(before, request.Config).ToList() is { Count: > 0 } faults)
        {
            return Error.Invalid(faults);
        }

        await servers.Configure(before.Id, request.Config, cancellationToken);
        var after = (await servers.Find(new McpName(before.Id, null), cancellationToken))!;
        audit.Record("mcp_server.configured", "mcp_server", before.Id.ToString(), before.Config, after.Config);
        return after;
    }

    IEnumerable<FieldError> Misplaced(McpServerView server, McpConfigBody config)
    {
        if (server.Catalogue is null)
        {
            return config.Values is { Count: > 0 } ? [new FieldError("/values", "not_allowed", "Only a server of the catalogue takes values.")] : [];
        }

        IEnumerable<FieldError> faults = config.Headers is { Count: > 0 } || config.Credential is not null
            ? [new FieldError("/headers", "not_allowed", "A server that runs as a process takes values, no headers and no credential.")]
            : [];
        return places.Catalogue.FirstOrDefault(entry => entry.Name == server.Catalogue) is { } entry
            ? faults.Concat(config.Values is { } values ? entry.Check("/values", values) : [])
            : faults;
    }
}
