using System.Text.Json;
using AgentPlatform.Domain.Integrations.Mcp;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>What a tenant's configuration of a server keeps sealed.</summary>
sealed record McpSecrets(Dictionary<string, string> Headers, Dictionary<string, string> Values)
{
    /// <summary>For <see cref="Shared.Secrets.SecretBox"/>: a value sealed for a configuration opens nowhere else.</summary>
    public const string Purpose = "mcp_config";

    public static McpSecrets None => new([], []);

    /// <summary>What must not come back. Of a process's values the catalogue says which are secret; of one that it does not have any more, all are.</summary>
    public IEnumerable<string> Hidden(McpCatalogueEntry? entry) =>
        Headers.Values.Concat(Values.Where(value => entry?.Values.GetValueOrDefault(value.Key)?.IsSecret != false).Select(value => value.Value));

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static McpSecrets Read(byte[] plain) => JsonSerializer.Deserialize<McpSecrets>(plain)!;
}
