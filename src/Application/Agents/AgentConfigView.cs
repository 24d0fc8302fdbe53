using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>A setting of an agent, which its runs read as <c>config.key</c>.</summary>
public sealed record AgentConfigView(string Key, JsonElement Value, string? Description, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>What a setting may be.</summary>
static partial class AgentConfigRules
{
    public const int MaxKeys = 256;
    const int MaxValueBytes = 64 * 1024;
    const int MaxDescription = 1000;

    public static readonly Error NotFound = Error.NotFound("config");

    public static readonly Error TooMany = Error.Conflict("too_many_configs", $"An agent has at most {MaxKeys} settings; delete one first.");

    /// <summary>A key is a name that an expression can read without quotes.</summary>
    public static bool IsKey(string key) => KeyText().IsMatch(key);

    public static IEnumerable<FieldError> Check(string key, JsonElement value, string? description) =>
    [
        .. IsKey(key) ? [] : (IEnumerable<FieldError>)[new FieldError("/key", "invalid_key", "A key has 1 to 63 letters, digits and underscores, and begins with none of the digits.")],
        .. value.ValueKind != JsonValueKind.Undefined && Encoding.UTF8.GetByteCount(value.GetRawText()) > MaxValueBytes
            ? (IEnumerable<FieldError>)[new FieldError("/value", "too_large", $"A value has at most {MaxValueBytes} bytes.")]
            : [],
        .. FieldChecks.Text("/description", description, 0, MaxDescription),
    ];

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex KeyText();
}

/// <summary>Settings of the caller's tenant's agents.</summary>
interface IAgentConfigs
{
    Task<AgentConfigView?> Find(Guid agentId, string key, CancellationToken ct);

    Task<IReadOnlyList<AgentConfigView>> All(Guid agentId, CancellationToken ct);

    /// <summary>Writes the setting, and tells every node's cache with the commit. The caller holds the agent's row.</summary>
    /// <returns>False when the agent has as many keys as it may, and not this one.</returns>
    Task<bool> Set(Guid agentId, string key, JsonElement value, string? description, CancellationToken ct);

    /// <returns>False when there was none.</returns>
    Task<bool> Delete(Guid agentId, string key, CancellationToken ct);
}
