using System.Buffers;
using System.Text.Json;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What calls used, as <c>run_steps.usage</c> and <c>runs.usage</c> hold it: an array, one object for each service.</summary>
static class UsageJson
{
    static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static byte[] Write(IEnumerable<SkillUsage> usage)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        foreach (var entry in usage)
        {
            JsonSerializer.Serialize(writer, entry, Options);
        }

        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static IReadOnlyList<SkillUsage> Read(string json) => JsonSerializer.Deserialize<List<SkillUsage>>(json, Options) ?? [];
}
