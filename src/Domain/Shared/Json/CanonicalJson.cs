using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentPlatform.Domain.Shared.Json;

/// <summary>
/// One byte string for one JSON value, in the manner of RFC 8785: no white space, members sorted by the UTF-16 units of their names,
/// only the escapes that JSON demands. It differs from the RFC in one point: numbers are not rounded to doubles. They are written by
/// their exact decimal value, so 1, 1.0 and 1e0 are the same, 9007199254740993 stays itself, and -0 is 0. That makes the bytes (and the
/// hash) equal for a document that went through YAML or through PostgreSQL's jsonb, which writes 1e2 as 100 and keeps 1.0.
/// </summary>
public static class CanonicalJson
{
    static readonly SearchValues<byte> IntegerBytes = SearchValues.Create("-0123456789"u8);

    public static byte[] Write(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Append(output, value);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>SHA-256 of <see cref="Write"/>, 64 lower-case hexadecimal characters.</summary>
    public static string Sha256Hex(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        Append(output, value);
        return Convert.ToHexStringLower(SHA256.HashData(output.WrittenSpan));
    }

    static void Append(ArrayBufferWriter<byte> output, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                AppendObject(output, value);
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    if (!first)
                        output.Write(","u8);
                    first = false;
                    Append(output, item);
                }
                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                AppendString(output, value.GetString()!);
                break;
            case JsonValueKind.Number:
                AppendNumber(output, JsonMarshal.GetRawUtf8Value(value));
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.Null:
                output.Write("null"u8);
                break;
            default:
                throw new ArgumentException("The element is not set.", nameof(value));
        }
    }

    static void AppendObject(ArrayBufferWriter<byte> output, JsonElement value)
    {
        var members = value.EnumerateObject().ToArray();
        Array.Sort(members, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        output.Write("{"u8);
        for (var i = 0; i < members.Length; i++)
        {
            if (i > 0)
                output.Write(","u8);
            AppendString(output, members[i].Name);
            output.Write(":"u8);
            Append(output, members[i].Value);
        }
        output.Write("}"u8);
    }

    static void AppendNumber(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        // A short integer is its own canonical form; "-0" is the one that is not.
        var plain = text.Length <= 18 && text.IndexOfAnyExcept(IntegerBytes) < 0 && !text.SequenceEqual("-0"u8);
        if (plain)
            output.Write(text);
        else
            Encoding.ASCII.GetBytes(ExactNumber.Parse(text).ToString(), output);
    }

    static void AppendString(ArrayBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] >= ' ' && text[i] is not '"' and not '\\')
                continue;
            Encoding.UTF8.GetBytes(text.AsSpan(start, i - start), output);
            Encoding.ASCII.GetBytes(Escape(text[i]), output);
            start = i + 1;
        }
        Encoding.UTF8.GetBytes(text.AsSpan(start), output);
        output.Write("\""u8);
    }

    static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => $"\\u{(int)c:x4}",
    };
}
