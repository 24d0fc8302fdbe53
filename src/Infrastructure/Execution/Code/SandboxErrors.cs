using System.Globalization;
using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>The ways in which an execution of customers' code can fail, with their codes, classes and sentences.</summary>
static class SandboxErrors
{
    /// <summary>What a runner may say of itself; anything else it says is the code's own failure.</summary>
    static readonly string[] Known = ["code_invalid", "code_failed", "invalid_result", "memory_exceeded"];

    public static readonly SkillError Lost = new("sandbox_lost", "The process was stopped before the code had ended.", SkillErrorClass.Network, Retryable: true);

    public static readonly SkillError Busy = new(
        "sandbox_busy", "All places for code are taken; this one waited in vain.", SkillErrorClass.TooManyRequests, Retryable: true, TimeSpan.FromSeconds(1));

    public static readonly SkillError InvalidResult = new(
        "invalid_result",
        "The result cannot be kept: it is no JSON, nests deeper than 64, repeats a name, holds a number that no double holds, or text with U+0000 or half a surrogate pair.",
        SkillErrorClass.Code,
        Retryable: false);

    public static SkillError Unavailable(string why) => new("sandbox_unavailable", $"Code cannot be run on this server: {why}", "unavailable", Retryable: false);

    public static SkillError TooMuchOutput(CodeLimits limits) => Limit(
        "output_too_large", $"The code gave or printed more than its {limits.OutputBytes.ToString(CultureInfo.InvariantCulture)} bytes of output.");

    /// <summary>Why a process ended without a last word.</summary>
    public static SkillError Ended(PassedLimit passed, CodeLimits limits, CodeLogs logs) => passed switch
    {
        PassedLimit.Timeout => new(
            "timeout", $"The code did not end within {limits.Timeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms.", SkillErrorClass.Timeout, Retryable: true),
        PassedLimit.Cpu => Limit("cpu_exceeded", $"The code used more than {limits.Cpu.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms of processor time."),
        PassedLimit.Memory => OutOfMemory(limits),
        _ when logs.Mentions("out of memory") || logs.Mentions("memory allocation") => OutOfMemory(limits),
        _ => new("code_ended", "The process ended before main had answered.", SkillErrorClass.Code, Retryable: false),
    };

    /// <summary>An error as the runner reports it, with the place in the code where it can be told.</summary>
    public static SkillError Of(ReadOnlyMemory<byte> frame, CodeLogs logs)
    {
        try
        {
            using var document = JsonDocument.Parse(frame);
            var root = document.RootElement;
            var code = Known.FirstOrDefault(known => known == Text(root, "code")) ?? "code_failed";
            var line = Number(root, "line");
            var at = line is null ? "" : $" (line {line.Value.ToString(CultureInfo.InvariantCulture)})";
            var detail = JsonSerializer.SerializeToElement(new { line, column = Number(root, "column"), stack = Text(root, "stack"), logs = logs.ToJson() });
            return new(
                code, $"{Text(root, "message") ?? "The code failed."}{at}", code == "memory_exceeded" ? SkillErrorClass.Limit : SkillErrorClass.Code,
                Retryable: false, Detail: detail);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new("code_failed", "The code failed, and what it said cannot be read.", SkillErrorClass.Code, Retryable: false);
        }
    }

    static SkillError OutOfMemory(CodeLimits limits) =>
        Limit("memory_exceeded", $"The code used more than {limits.MemoryMib.ToString(CultureInfo.InvariantCulture)} MiB of memory.");

    static SkillError Limit(string code, string message) => new(code, message, SkillErrorClass.Limit, Retryable: false);

    static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? SafeText.Of(text) : null;

    static int? Number(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var value) ? value : null;
}
