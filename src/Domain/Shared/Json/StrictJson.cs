using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace AgentPlatform.Domain.Shared.Json;

/// <summary>
/// The one door through which JSON from outside comes in. Everything that a later reader (a double, PostgreSQL's jsonb, a JavaScript client)
/// would refuse, change or read in two ways is refused here, with a code and a place: see <see cref="JsonProblemCodes"/>.
/// </summary>
public static class StrictJson
{
    /// <summary>Nesting of objects and arrays; a document of this depth is accepted, one more is not.</summary>
    public const int MaxDepth = 32;

    /// <summary>Bytes of UTF-8 text: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Members of one object.</summary>
    public const int MaxMembers = 10_000;

    /// <summary>Values (objects, arrays, scalars; not names) in one document.</summary>
    public const int MaxValues = 100_000;

    /// <summary>Significant digits of one number. A number must also fit a double: |x| &lt; 1e308, and not so small that it becomes 0.</summary>
    public const int MaxDigits = 100;

    const int MaxNumberBytes = 1024;
    const int MaxExponent = 400;

    /// <summary>
    /// Reads one JSON document. True: <paramref name="document"/> is set, the caller disposes it, and <paramref name="utf8"/> must stay
    /// unchanged as long as it lives. False: <paramref name="problem"/> says the first thing that is wrong.
    /// </summary>
    public static bool TryParse(
        ReadOnlyMemory<byte> utf8, out JsonDocument? document, out JsonProblem? problem, int maxDepth = MaxDepth, int maxBytes = MaxBytes)
    {
        document = null;
        problem = CheckEnvelope(utf8.Span, maxBytes) ?? CheckTokens(utf8.Span, maxDepth);
        if (problem is not null)
            return false;
        try
        {
            document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = maxDepth, AllowDuplicateProperties = false });
            return true;
        }
        catch (JsonException) when (JsonText.FirstDuplicate(utf8.Span) is { } duplicate)
        {
            problem = At(utf8.Span, JsonProblemCodes.DuplicateKey, "The object has two members with this name", duplicate);
            return false;
        }
    }

    /// <summary>Null when the number fits; else the sentence that says why it does not. The text is a valid JSON number.</summary>
    public static string? NumberProblem(ReadOnlySpan<byte> text)
    {
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        if (e < 0 && text.Length <= MaxDigits)
            return null;
        if (text.Length > MaxNumberBytes)
            return $"The number is longer than {MaxNumberBytes} characters";
        var mantissa = e < 0 ? text : text[..e];
        var digits = SignificantDigits(mantissa);
        if (digits > MaxDigits)
            return $"The number has more than {MaxDigits} significant digits";
        if (e >= 0 && (text.Length - e > 12 || !Utf8Parser.TryParse(text[(e + 1)..], out int exponent, out _) || exponent is > MaxExponent or < -MaxExponent))
            return $"The exponent of the number is not between -{MaxExponent} and {MaxExponent}";
        if (!Utf8Parser.TryParse(text, out double value, out _) || !(Math.Abs(value) < 1e308))
            return "The number is 1e308 or more";
        return value == 0 && digits > 0 ? "The number is so close to 0 that a double cannot hold it" : null;
    }

    static JsonProblem? CheckEnvelope(ReadOnlySpan<byte> utf8, int maxBytes)
    {
        if (utf8.Length > maxBytes)
            return new(JsonProblemCodes.TooLarge, $"The text is larger than {maxBytes} bytes.", "", maxBytes);
        if (utf8.IsEmpty)
            return new(JsonProblemCodes.EmptyBody, "The text is empty.", "", 0);
        if (utf8.StartsWith("\uFEFF"u8))
            return new(JsonProblemCodes.MalformedJson, "The text starts with a byte order mark; send plain UTF-8.", "", 0);
        if (utf8.Length >= 2 && (utf8 is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || (utf8[0] == 0) != (utf8[1] == 0)))
            return new(JsonProblemCodes.InvalidUtf8, "The text is UTF-16 or UTF-32; send UTF-8.", "", 0);
        if (!Utf8.IsValid(utf8))
            return At(utf8, JsonProblemCodes.InvalidUtf8, "The text is not valid UTF-8", FirstInvalidByte(utf8));
        return utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0 ? new(JsonProblemCodes.EmptyBody, "The text holds only white space.", "", 0) : null;
    }

    static JsonProblem? CheckTokens(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        // One level more than allowed, so that passing the limit is seen here and not as a parse error.
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
        Span<int> members = maxDepth <= 256 ? stackalloc int[maxDepth + 2] : new int[maxDepth + 2];
        var values = 0;
        try
        {
            do
            {
                reader.Read();
                if (CheckToken(ref reader, members, maxDepth, ref values) is var (code, message, offset))
                    return At(utf8, code, message, offset);
            }
            while (reader.CurrentDepth > 0 || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray);
        }
        catch (JsonException broken)
        {
            return Broken(utf8, broken);
        }

        var rest = utf8[(int)reader.BytesConsumed..].IndexOfAnyExcept(" \t\r\n"u8);
        return rest < 0 ? null : At(utf8, JsonProblemCodes.TrailingData, "Something follows the JSON value", reader.BytesConsumed + rest);
    }

    static (string Code, string Message, long Offset)? CheckToken(ref Utf8JsonReader reader, scoped Span<int> members, int maxDepth, ref int values)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                if (reader.CurrentDepth >= maxDepth)
                    return (JsonProblemCodes.TooDeep, $"Objects and arrays are nested deeper than {maxDepth}", reader.TokenStartIndex);
                members[reader.CurrentDepth + 1] = 0;
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                return null;
            case JsonTokenType.PropertyName:
                if (++members[reader.CurrentDepth] > MaxMembers)
                    return (JsonProblemCodes.TooManyValues, $"The object has more than {MaxMembers} members", reader.TokenStartIndex);
                return reader.ValueIsEscaped ? CheckEscapes(reader.ValueSpan, reader.TokenStartIndex + 1) : null;
            case JsonTokenType.String when reader.ValueIsEscaped && CheckEscapes(reader.ValueSpan, reader.TokenStartIndex + 1) is { } bad:
                return bad;
            case JsonTokenType.Number when NumberProblem(reader.ValueSpan) is { } why:
                return (JsonProblemCodes.NumberOutOfRange, why, reader.TokenStartIndex);
        }
        return ++values > MaxValues
            ? (JsonProblemCodes.TooManyValues, $"The document has more than {MaxValues} values", reader.TokenStartIndex)
            : null;
    }

    /// <summary>Escapes that JSON allows and PostgreSQL's jsonb refuses: NUL, and a surrogate without its other half.</summary>
    static (string Code, string Message, long Offset)? CheckEscapes(ReadOnlySpan<byte> text, long start)
    {
        for (var i = 0; i < text.Length;)
        {
            var next = text[i..].IndexOf((byte)'\\');
            if (next < 0)
                return null;
            i += next;
            if (text[i + 1] != 'u')
            {
                i += 2;
                continue;
            }
            var unit = Unit(text, i);
            if (unit == 0)
                return (JsonProblemCodes.NulCharacter, "The character NUL (\\u0000) cannot be stored", start + i);
            if (char.IsSurrogate((char)unit))
            {
                var paired = char.IsHighSurrogate((char)unit) && text[(i + 6)..].StartsWith("\\u"u8) && char.IsLowSurrogate((char)Unit(text, i + 6));
                if (!paired)
                    return (JsonProblemCodes.LoneSurrogate, "Half of a surrogate pair stands alone", start + i);
                i += 6;
            }
            i += 6;
        }
        return null;
    }

    static int Unit(ReadOnlySpan<byte> text, int escape) =>
        Utf8Parser.TryParse(text.Slice(escape + 2, 4), out int unit, out _, 'x') ? unit : 0;

    static int SignificantDigits(ReadOnlySpan<byte> mantissa)
    {
        mantissa = mantissa.TrimStart("-0."u8).TrimEnd(mantissa.Contains((byte)'.') ? "0."u8 : "0"u8);
        return mantissa.Length - mantissa.Count((byte)'.');
    }

    static int FirstInvalidByte(ReadOnlySpan<byte> utf8)
    {
        var offset = 0;
        while (System.Text.Rune.DecodeFromUtf8(utf8[offset..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
            offset += consumed;
        return offset;
    }

    static JsonProblem Broken(ReadOnlySpan<byte> utf8, JsonException broken)
    {
        var line = 0;
        for (var skip = broken.LineNumber ?? 0; skip > 0 && utf8[line..].IndexOf((byte)'\n') is >= 0 and var at; skip--)
            line += at + 1;
        var offset = Math.Min(line + (broken.BytePositionInLine ?? 0), utf8.Length);
        if (offset < utf8.Length && utf8[(int)offset] == 0)
            return At(utf8, JsonProblemCodes.NulCharacter, "The character NUL cannot be stored", offset);
        var why = broken.Message.Split(" LineNumber: ")[0].TrimEnd('.');
        return At(utf8, JsonProblemCodes.MalformedJson, $"Not JSON: {why}", offset);
    }

    static JsonProblem At(ReadOnlySpan<byte> utf8, string code, string message, long offset)
    {
        var (line, column) = JsonText.LineAndColumn(utf8, offset);
        return new(code, $"{message} (line {line}, column {column}).", JsonText.PointerAt(utf8, offset), offset);
    }
}
