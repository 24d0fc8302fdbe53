using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AgentPlatform.Domain.Shared.Expressions;

public readonly partial struct Datum
{
    public static bool operator ==(Datum left, Datum right) => left.Equals(right);

    public static bool operator !=(Datum left, Datum right) => !left.Equals(right);

    /// <summary>JMESPath's equality: the same type and the same content, members in any order, numbers by value (1 equals 1.0).</summary>
    public bool Equals(Datum other)
    {
        if (Kind != other.Kind)
        {
            return false;
        }

        return Kind switch
        {
            DatumKind.Null => true,
            DatumKind.Boolean => number == other.number,
            DatumKind.Number => CompareNumbers(this, other) == 0,
            DatumKind.String => EqualStrings(this, other),
            DatumKind.Array => EqualArrays(this, other),
            _ => EqualObjects(this, other),
        };
    }

    public override bool Equals(object? obj) => obj is Datum other && Equals(other);

    public override int GetHashCode() => Kind switch
    {
        DatumKind.Boolean => number.GetHashCode(),
        DatumKind.Number => GetDouble().GetHashCode(),
        DatumKind.String => GetString().GetHashCode(StringComparison.Ordinal),
        // Equal containers have equal lengths; a deep hash would cost more than the comparison that it saves.
        DatumKind.Array => HashCode.Combine(Kind, Length),
        _ => (int)Kind,
    };

    /// <summary>The order of two numbers. Integers past 2^53 are compared by their digits: ids of that size differ where doubles do not.</summary>
    internal static int CompareNumbers(in Datum left, in Datum right)
    {
        var (a, b) = (left.GetDouble(), right.GetDouble());
        var order = a.CompareTo(b);
        return order != 0 || Math.Abs(a) < ExactIntegers || !left.TryDecimal(out var x) || !right.TryDecimal(out var y)
            ? order
            : x.CompareTo(y);
    }

    bool TryDecimal(out decimal exact)
    {
        if (isJson)
        {
            return json.TryGetDecimal(out exact);
        }

        if (value is string digits)
        {
            return decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out exact);
        }

        // Through BigInteger: the cast to decimal rounds a double to 15 digits.
        exact = Math.Abs(number) < 1e28 ? (decimal)new BigInteger(number) : 0;
        return Math.Abs(number) < 1e28;
    }

    static bool EqualStrings(in Datum left, in Datum right)
    {
        if (left.isJson && right.isJson)
        {
            var a = JsonMarshal.GetRawUtf8Value(left.json);
            var b = JsonMarshal.GetRawUtf8Value(right.json);
            return a.SequenceEqual(b) || ((a.Contains((byte)'\\') || b.Contains((byte)'\\')) && JsonText.Equals(left.json, JsonText.Read(right.json)));
        }

        return left.isJson ? JsonText.Equals(left.json, (string)right.value!)
            : right.isJson ? JsonText.Equals(right.json, (string)left.value!)
            : (string)left.value! == (string)right.value!;
    }

    static bool EqualArrays(in Datum left, in Datum right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        using var others = right.EnumerateItems().GetEnumerator();
        var other = others;
        foreach (var item in left.EnumerateItems())
        {
            if (!other.MoveNext() || !item.Equals(other.Current))
            {
                return false;
            }
        }

        return true;
    }

    static bool EqualObjects(in Datum left, in Datum right)
    {
        // Through dictionaries, so that repeated names count once (the last wins) and thousands of members do not cost their square.
        var expected = new Dictionary<string, Datum>();
        foreach (var (name, member) in left.EnumerateMembers())
        {
            expected[name] = member;
        }

        var seen = new Dictionary<string, Datum>(expected.Count);
        foreach (var (name, member) in right.EnumerateMembers())
        {
            seen[name] = member;
        }

        return expected.Count == seen.Count && expected.All(m => seen.TryGetValue(m.Key, out var other) && m.Value.Equals(other));
    }

    /// <summary>The order of two strings by code points. UTF-16 order differs: it puts U+10000 and up before U+E000.</summary>
    internal static int CompareCodePoints(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        return same == left.Length || same == right.Length
            ? left.Length.CompareTo(right.Length)
            : Rank(left[same]).CompareTo(Rank(right[same]));

        static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        if (isJson)
        {
            JsonText.Write(json, writer);
            return;
        }

        switch (Kind)
        {
            case DatumKind.Null:
                writer.WriteNullValue();
                break;
            case DatumKind.Boolean:
                writer.WriteBooleanValue(number != 0);
                break;
            case DatumKind.Number when value is string digits:
                writer.WriteRawValue(digits);
                break;
            case DatumKind.Number:
                writer.WriteNumberValue(number);
                break;
            case DatumKind.String:
                writer.WriteStringValue((string)value!);
                break;
            case DatumKind.Array:
                writer.WriteStartArray();
                foreach (ref readonly var item in ((DatumArray)value!).Items)
                {
                    item.WriteTo(writer);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartObject();
                foreach (var (name, member) in ((IDatumObject)value!).Members)
                {
                    writer.WritePropertyName(name);
                    member.WriteTo(writer);
                }

                writer.WriteEndObject();
                break;
        }
    }

    /// <summary>The value as an element of its own: of a view the same element, of a computed value a parsed copy.</summary>
    public JsonElement ToJsonElement()
    {
        if (isJson)
        {
            return json;
        }

        var reader = new Utf8JsonReader(ToUtf8().Span);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>Compact JSON, as <c>to_string()</c> and templates print it: nothing is escaped that JSON does not demand.</summary>
    internal string ToJson() => Encoding.UTF8.GetString(ToUtf8().Span);

    public override string ToString() => ToJson();

    ReadOnlyMemory<byte> ToUtf8()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, CompactJson))
        {
            WriteTo(writer);
        }

        return buffer.WrittenMemory;
    }

    static readonly JsonWriterOptions CompactJson = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
        MaxDepth = 1000,
    };
}
