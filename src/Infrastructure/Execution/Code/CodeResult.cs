using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>What <c>main</c> gave, as data: JSON that every part of the engine can store and read.</summary>
static class CodeResult
{
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public static CodeOutcome Read(ReadOnlyMemory<byte> json, CodeJob job, CodeLogs logs)
    {
        if (json.Length > job.Spec.Limits.OutputBytes)
        {
            return new(default, SandboxErrors.TooMuchOutput(job.Spec.Limits), logs.ToJson());
        }

        // The values are cut from the document, and the reader's buffer is used again.
        var bytes = json.ToArray();
        try
        {
            var document = JsonDocument.Parse(bytes, Strict);
            if (StorableJson.Check(bytes))
            {
                return new(Datum.From(document.RootElement), null, logs.ToJson());
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Malformed, or half a surrogate pair in a name. Said below, in one sentence for all of it.
        }

        return new(default, SandboxErrors.InvalidResult, logs.ToJson());
    }
}
