using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Integrations.Mcp;

/// <summary>How long and how much a call of a server's tool may be, as a tenant set it.</summary>
/// <param name="Timeout">Of one call; finding a server and asking for its tools have a fixed one.</param>
/// <param name="MaxResultBytes">Of a result, as the JSON that the step or the model gets.</param>
public sealed record McpLimits(TimeSpan Timeout, int MaxResultBytes)
{
    public static readonly McpLimits Default = new(TimeSpan.FromSeconds(60), 1024 * 1024);

    const int MinTimeoutMs = 1_000;
    const int MaxTimeoutMs = 600_000;
    const int MinBytes = 1024;
    const int MaxBytes = 4 * 1024 * 1024;

    public static McpLimits Read(JsonElement? limits) => new(
        Number(limits, "timeout_ms") is { } ms ? TimeSpan.FromMilliseconds(ms) : Default.Timeout,
        Number(limits, "max_result_bytes") ?? Default.MaxResultBytes);

    public static IEnumerable<FieldError> Check(string pointer, int? timeoutMs, int? maxResultBytes)
    {
        if (timeoutMs is < MinTimeoutMs or > MaxTimeoutMs)
        {
            yield return new FieldError($"{pointer}/timeout_ms", "out_of_range", $"A timeout is {MinTimeoutMs} to {MaxTimeoutMs} ms.");
        }

        if (maxResultBytes is < MinBytes or > MaxBytes)
        {
            yield return new FieldError($"{pointer}/max_result_bytes", "out_of_range", $"A result may be limited to {MinBytes} to {MaxBytes} bytes.");
        }
    }

    static int? Number(JsonElement? limits, string name) =>
        limits is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : null;
}
