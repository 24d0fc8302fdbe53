using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Application.Agents;

/// <summary>A JSON Schema that is stored must compile: what is accepted here is never refused when a run needs it.</summary>
static class Schemas
{
    const int MaxBytes = 64 * 1024;

    public static IEnumerable<FieldError> Check(string pointer, JsonElement? schema)
    {
        if (schema is not { } given)
        {
            return [];
        }

        if (Encoding.UTF8.GetByteCount(given.GetRawText()) > MaxBytes)
        {
            return [new FieldError(pointer, "too_large", $"A schema may have at most {MaxBytes} bytes.")];
        }

        return CompiledSchema.TryCompile(given, out _, out var problems)
            ? []
            : problems.Select(p => new FieldError(pointer + p.SchemaPointer, "invalid_schema", p.Message));
    }

    /// <summary>The keyword that was not met; the schema <c>false</c> and passed limits have none.</summary>
    public static string CodeOf(SchemaProblem problem) => problem.Keyword.Length > 0 ? problem.Keyword : "not_allowed";
}
