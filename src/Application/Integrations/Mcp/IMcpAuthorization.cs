using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>How a server says that one may come in. All of it is a stranger's word: fetched through the egress guard, bounded, and held against what it speaks of.</summary>
interface IMcpAuthorization
{
    /// <summary>Asks the server as somebody without credentials does, and then the authorization server that it names.</summary>
    Task<Result<McpAuthorization>> Discover(Uri server, CancellationToken ct);

    /// <summary>Makes this program a client of the authorization server (RFC 7591).</summary>
    Task<Result<McpClientAccount>> Register(McpAuthorization authorization, string redirectUri, CancellationToken ct);
}

/// <param name="Issuer">What the authorization server calls itself; null where it says nothing of itself.</param>
/// <param name="Resource">What tokens are to be for (RFC 8707); null for servers that came before that.</param>
/// <param name="Scopes">Those that the server asked for, or else all that it knows; empty: it says none.</param>
/// <param name="ClientAuth">How clients may show themselves at the token endpoint, as the metadata calls it: <c>client_secret_basic</c>, <c>client_secret_post</c>, <c>none</c>.</param>
/// <param name="TellsIssuer">It names itself in each answer (RFC 9207): one that does not is another's.</param>
sealed record McpAuthorization(
    string? Issuer, string AuthorizeUrl, string TokenUrl, string? RegisterUrl, string? Resource, IReadOnlyList<string> Scopes, IReadOnlyList<string> ClientAuth, bool TellsIssuer)
{
    /// <summary>The way that is taken, of those that it knows.</summary>
    public string PreferredAuth => ClientAuth.Contains("client_secret_basic") ? "client_secret_basic" : ClientAuth.Contains("client_secret_post") ? "client_secret_post" : ClientAuth.Contains("none") ? "none" : "client_secret_basic";
}

/// <param name="Auth">How it has to show itself; as in <see cref="McpAuthorization.ClientAuth"/>.</param>
sealed record McpClientAccount(string Id, string? Secret, string Auth)
{
    public override string ToString() => "…";
}
