using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>One execution of a customer's code, as it is asked for.</summary>
/// <param name="Language">One of <see cref="CodeSpec.Languages"/>.</param>
/// <param name="Context">What <c>ctx</c> tells the code about where it runs.</param>
sealed record CodeJob(Guid TenantId, string Language, string Code, Datum Input, IReadOnlyDictionary<string, string> Context, CodeSpec Spec)
{
    // Escaped, so that no line separator of any kind is in the line.
    static readonly JsonWriterOptions Plain = new() { SkipValidation = true, Encoder = JavaScriptEncoder.Default };

    /// <summary>As its process reads it: one line of JSON.</summary>
    public ReadOnlySpan<byte> ToLine(ReadOnlySpan<byte> token)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("token", token);
            writer.WriteString("code", Code);
            writer.WriteBoolean("network", Spec.Network.Count > 0);
            writer.WriteStartObject("context");
            foreach (var (name, value) in Context)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WritePropertyName("input");
            Input.WriteTo(writer);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }
}

/// <summary>How an execution ended: with a result or an error, never with both.</summary>
/// <param name="Logs">An array of <c>{ level, text }</c>: what the code printed, bounded.</param>
/// <param name="Elapsed">From the moment that the process had the code.</param>
/// <param name="PeakBytes">The most memory that was seen, on top of the idle interpreter's.</param>
sealed record CodeOutcome(Datum Result, SkillError? Error, JsonElement Logs, TimeSpan Elapsed = default, TimeSpan Cpu = default, long PeakBytes = 0);
