using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Integrations.Mcp;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>A server as one tenant reaches it, with everything opened that a connection needs; it lives as long as the call.</summary>
/// <param name="Stamp">Changes when the configuration or the credential does: a connection made before is not used any more.</param>
/// <param name="Mask">Hides what we said in secret in everything that comes back.</param>
sealed record McpTarget(
    Guid TenantId, Guid ServerId, string Slug, string Transport, Uri? Url, McpCatalogueEntry? Entry, IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> Values, McpLimits Limits, string Stamp, SecretMask Mask)
{
    /// <summary>Whose connection it is: credentials of two people never share one.</summary>
    public McpKey Key => new(TenantId, ServerId, CredentialId);

    public Guid? CredentialId { get; init; }

    public override string ToString() => $"MCP server {Slug}";
}

sealed record McpKey(Guid TenantId, Guid ServerId, Guid? CredentialId);
