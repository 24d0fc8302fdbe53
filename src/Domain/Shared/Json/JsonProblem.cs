namespace AgentPlatform.Domain.Shared.Json;

/// <summary>Why a JSON (or YAML) text was refused, and where.</summary>
/// <param name="Code">Stable, one of <see cref="JsonProblemCodes"/>.</param>
/// <param name="Message">One English sentence for a person.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) of the nearest value that can be named; empty for the whole document.</param>
/// <param name="Offset">Byte offset in the UTF-8 text, from 0.</param>
public sealed record JsonProblem(string Code, string Message, string Pointer, long Offset);

public static class JsonProblemCodes
{
    public const string EmptyBody = "empty_body";
    public const string MalformedJson = "malformed_json";
    public const string InvalidUtf8 = "invalid_utf8";
    public const string TrailingData = "trailing_data";
    public const string TooLarge = "too_large";
    public const string TooDeep = "too_deep";
    public const string TooManyValues = "too_many_values";
    public const string DuplicateKey = "duplicate_key";
    public const string NulCharacter = "nul_character";
    public const string LoneSurrogate = "lone_surrogate";
    public const string NumberOutOfRange = "number_out_of_range";
}
