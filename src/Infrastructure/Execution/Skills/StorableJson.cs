using System.Text.Json;
using System.Text.Unicode;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>Whether JSON from outside can be stored in <c>jsonb</c> and be read by every part of the engine.</summary>
static class StorableJson
{
    /// <summary>Refuses invalid UTF-8, lone surrogates, U+0000 (PostgreSQL stores neither) and numbers that no double holds. Never throws.
    /// By the rules of <see cref="StrictJson"/>, but without its limits on size and count: an answer has its own limit in bytes.</summary>
    public static bool Check(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return false;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                var storable = reader.TokenType switch
                {
                    JsonTokenType.String or JsonTokenType.PropertyName => !reader.ValueIsEscaped || !reader.GetString()!.Contains('\0'),
                    JsonTokenType.Number => StrictJson.NumberProblem(reader.ValueSpan) is null,
                    _ => true,
                };
                if (!storable)
                    return false;
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Malformed, or an escaped lone surrogate, which only shows when the text is read.
            return false;
        }
    }
}
