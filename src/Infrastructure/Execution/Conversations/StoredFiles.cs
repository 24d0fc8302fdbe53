using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Domain.Execution.Conversations;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

/// <summary>Files as <c>messages.files</c> holds them.</summary>
static class StoredFiles
{
    public static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Null for none.</summary>
    public static string? Write(IReadOnlyList<MessageFile>? files) => files is { Count: > 0 } ? JsonSerializer.Serialize(files, Format) : null;

    public static IReadOnlyList<MessageFile> Read(string? files) => files is null ? [] : JsonSerializer.Deserialize<MessageFile[]>(files, Format)!;
}
