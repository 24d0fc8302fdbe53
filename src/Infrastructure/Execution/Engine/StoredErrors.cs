using System.Text.Json;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Errors as the database holds them, read back.</summary>
static class StoredErrors
{
    public static SkillError Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new SkillError(
            Text(root, "code") ?? "failed", Text(root, "message") ?? "", Text(root, "class") ?? "internal",
            root.TryGetProperty("retryable", out var retryable) && retryable.ValueKind is JsonValueKind.True,
            Detail: root.TryGetProperty("detail", out var detail) ? detail.Clone() : null);
    }

    static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
