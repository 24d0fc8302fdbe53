using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentPlatform.Domain.Shared.Expressions;

public enum DatumKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

/// <summary>An immutable JSON value: a view of a <see cref="JsonElement"/> (nothing is copied; its document must outlive the datum), or
/// a computed value. <c>default</c> is JSON null.</summary>
public readonly partial struct Datum : IEquatable<Datum>
{
    // Doubles hold every integer up to here; past it the digits themselves are kept and compared.
    internal const double ExactIntegers = 9_007_199_254_740_992;

    // Computed: string, DatumArray, IDatumObject, or the digits of a number that a double would round. Null for a JSON view.
    readonly object? value;
    readonly JsonElement json;
    // Computed numbers, and 1 for true.
    readonly double number;
    readonly bool isJson;

    Datum(DatumKind kind, object? value, double number)
    {
        Kind = kind;
        this.value = value;
        this.number = number;
    }

    Datum(DatumKind kind, JsonElement json)
    {
        Kind = kind;
        this.json = json;
        isJson = true;
        number = kind == DatumKind.Boolean && json.ValueKind == JsonValueKind.True ? 1 : 0;
    }

    public static Datum Null => default;
    public static Datum True { get; } = new(DatumKind.Boolean, null, 1);
    public static Datum False { get; } = new(DatumKind.Boolean, null, 0);

    public DatumKind Kind { get; }
    public bool IsNull => Kind == DatumKind.Null;

    /// <summary>JMESPath's truth: everything but null, false, "", [] and {}. The number 0 is true.</summary>
    public bool IsTruthy => Kind switch
    {
        DatumKind.Null => false,
        DatumKind.Boolean => number != 0,
        DatumKind.Number => true,
        DatumKind.String => isJson ? !JsonText.Equals(json, "") : ((string)value!).Length > 0,
        DatumKind.Array => Length > 0,
        _ => isJson ? json.GetPropertyCount() > 0 : HasMembers((IDatumObject)value!),
    };

    public static Datum From(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => default,
        JsonValueKind.True or JsonValueKind.False => new(DatumKind.Boolean, e),
        JsonValueKind.Number => new(DatumKind.Number, e),
        JsonValueKind.String => new(DatumKind.String, e),
        JsonValueKind.Array => new(DatumKind.Array, e),
        _ => new(DatumKind.Object, e),
    };

    public static Datum From(string? s) => s is null ? default : new(DatumKind.String, s, 0);

    /// <summary>A number. JSON has no infinities and no NaN: those are an <see cref="ExpressionException"/> (invalid_value).</summary>
    public static Datum From(double d) => double.IsFinite(d)
        ? new(DatumKind.Number, null, d)
        : throw new ExpressionException(ExpressionErrorCode.InvalidValue, "The number is too large, or none at all (a division by zero, for instance).");

    public static Datum From(long l) =>
        new(DatumKind.Number, Math.Abs((double)l) < ExactIntegers ? null : l.ToString(CultureInfo.InvariantCulture), l);

    public static Datum From(bool b) => b ? True : False;

    public static Datum FromArray(IReadOnlyList<Datum> items) => new(DatumKind.Array, DatumArray.Of([.. items]), 0);

    public static Datum FromObject(IReadOnlyDictionary<string, Datum> members) => FromMembers([.. members]);

    /// <summary>An object whose members are asked for one by one, when an expression reads them.</summary>
    public static Datum FromObject(IDatumObject lazy) => new(DatumKind.Object, lazy, 0);

    internal static Datum FromMembers(KeyValuePair<string, Datum>[] members) => new(DatumKind.Object, new DatumMembers(members), 0);

    internal static Datum FromArray(DatumArray array) => new(DatumKind.Array, array, 0);

    /// <summary>Array: elements. Object: members. String: UTF-16 units. Otherwise 0.</summary>
    public int Length => Kind switch
    {
        DatumKind.Array => isJson ? json.GetArrayLength() : ((DatumArray)value!).Count,
        DatumKind.Object when isJson => json.GetPropertyCount(),
        DatumKind.Object => value is DatumMembers made ? made.Count : ((IDatumObject)value!).Members.Count(),
        DatumKind.String => GetString().Length,
        _ => 0,
    };

    /// <summary>The text of a string; any other kind is a bug of the caller.</summary>
    public string GetString() => Kind == DatumKind.String
        ? isJson ? JsonText.Read(json) : (string)value!
        : throw new InvalidOperationException($"A {Kind} is no string.");

    public double GetDouble() => Kind == DatumKind.Number
        ? isJson ? json.GetDouble() : number
        : throw new InvalidOperationException($"A {Kind} is no number.");

    public bool GetBoolean() => Kind == DatumKind.Boolean ? number != 0 : throw new InvalidOperationException($"A {Kind} is no boolean.");

    public DatumItems EnumerateItems() => isJson ? new DatumItems(json) : new DatumItems(value as DatumArray);

    /// <summary>The element at <paramref name="index"/>, or null outside the array and for other kinds.</summary>
    public Datum ItemAt(int index)
    {
        if (Kind != DatumKind.Array || index < 0 || index >= Length)
        {
            return default;
        }

        return isJson ? From(json[index]) : ((DatumArray)value!)[index];
    }

    /// <summary>The members of an object in their order (of repeated names, JSON's last one wins in <see cref="TryGetProperty"/>).</summary>
    public IEnumerable<KeyValuePair<string, Datum>> EnumerateMembers() => Kind != DatumKind.Object
        ? []
        : isJson ? JsonMembers(json) : ((IDatumObject)value!).Members;

    public bool TryGetProperty(string name, [MaybeNullWhen(false)] out Datum value)
    {
        if (Kind != DatumKind.Object)
        {
            value = default;
            return false;
        }

        if (!isJson)
        {
            return ((IDatumObject)this.value!).TryGet(name, out value);
        }

        var exists = JsonText.Find(json, name, out var found);
        value = exists ? From(found) : default;
        return exists;
    }

    /// <summary>The same for a name whose UTF-8 form is at hand: no transcoding.</summary>
    internal Datum Member(string name, byte[] utf8)
    {
        if (Kind != DatumKind.Object)
        {
            return default;
        }

        if (isJson)
        {
            return JsonText.Find(json, utf8, out var found) ? From(found) : default;
        }

        return ((IDatumObject)value!).TryGet(name, out var member) ? member : default;
    }

    /// <summary>Members that a look-up by name may have to pass: what it costs.</summary>
    internal int MembersToScan => isJson && Kind == DatumKind.Object ? json.GetPropertyCount() : 0;

    /// <summary>About how many characters the value takes when written.</summary>
    internal long Weight => Kind switch
    {
        DatumKind.String => isJson ? JsonMarshal.GetRawUtf8Value(json).Length : ((string)value!).Length + 2,
        DatumKind.Number => isJson ? JsonMarshal.GetRawUtf8Value(json).Length : 8,
        DatumKind.Array => isJson ? JsonMarshal.GetRawUtf8Value(json).Length : ((DatumArray)value!).Weight,
        DatumKind.Object when isJson => JsonMarshal.GetRawUtf8Value(json).Length,
        DatumKind.Object => value is DatumMembers made ? made.Weight : ((IDatumObject)value!).Members.Sum(m => m.Key.Length + 4 + m.Value.Weight),
        _ => 5,
    };

    /// <summary>Computed containers around each other. What JSON brings inside is bounded by its own parser (64).</summary>
    internal int Depth => value switch
    {
        DatumArray array => array.Depth,
        DatumMembers members => members.Depth,
        _ => 0,
    };

    internal bool IsLazy => value is IDatumObject and not DatumMembers;

    static bool HasMembers(IDatumObject lazy) => lazy is DatumMembers made ? made.Count > 0 : lazy.Members.Any();

    static IEnumerable<KeyValuePair<string, Datum>> JsonMembers(JsonElement json)
    {
        foreach (var property in json.EnumerateObject())
        {
            yield return new KeyValuePair<string, Datum>(JsonText.Name(property), From(property.Value));
        }
    }
}
