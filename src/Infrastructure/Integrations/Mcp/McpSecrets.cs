using System.Text.Json;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>What a tenant's configuration of a server keeps sealed.</summary>
sealed record McpSecrets(Dictionary<string, string> Headers, Dictionary<string, string> Values)
{
    /// <summary>For <see cref="Shared.Secrets.SecretBox"/>: a value sealed for a configuration opens nowhere else.</summary>
    public const string Purpose = "mcp_config";

    public static McpSecrets None => new([], []);

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static McpSecrets Read(byte[] plain) => JsonSerializer.Deserialize<McpSecrets>(plain)!;
}
