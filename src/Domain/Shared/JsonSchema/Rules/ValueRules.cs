using System.Runtime.InteropServices;
using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Shared.JsonSchema.Rules;

[Flags]
enum JsonTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Object = 4,
    Array = 8,
    String = 16,
    Number = 32,
    Integer = 64,
}

sealed class TypeRule(SchemaNode owner, JsonTypes allowed) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        var kind = TypeOf(instance.ValueKind);
        if ((allowed & kind) != JsonTypes.None)
            return true;
        if (kind == JsonTypes.Number && allowed.HasFlag(JsonTypes.Integer) && Numbers.IsInteger(instance))
            return true;
        return run.Collects && Fail(run, "type", $"The value is {Describe(kind)}; allowed: {Names()}.");
    }

    public static JsonTypes Parse(string? name) => name switch
    {
        "null" => JsonTypes.Null,
        "boolean" => JsonTypes.Boolean,
        "object" => JsonTypes.Object,
        "array" => JsonTypes.Array,
        "string" => JsonTypes.String,
        "number" => JsonTypes.Number,
        "integer" => JsonTypes.Integer,
        _ => JsonTypes.None,
    };

    static JsonTypes TypeOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => JsonTypes.Object,
        JsonValueKind.Array => JsonTypes.Array,
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Number => JsonTypes.Number,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.Null => JsonTypes.Null,
        _ => JsonTypes.None,
    };

    static string Describe(JsonTypes kind) => kind switch
    {
        JsonTypes.Null => "null",
        JsonTypes.Object or JsonTypes.Array => $"an {kind.ToString().ToLowerInvariant()}",
        _ => $"a {kind.ToString().ToLowerInvariant()}",
    };

    string Names() => string.Join(", ", Enum.GetValues<JsonTypes>().Where(t => t != JsonTypes.None && allowed.HasFlag(t)).Select(t => t.ToString().ToLowerInvariant()));
}

/// <summary><c>enum</c> and <c>const</c>: equal as JSON values, numbers by what they mean.</summary>
sealed class EnumRule(SchemaNode owner, string keyword, JsonElement[] allowed) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (!run.Spend(allowed.Length))
            return false;
        foreach (var value in allowed)
        {
            if (value.ValueKind == instance.ValueKind && JsonElement.DeepEquals(value, instance))
                return true;
        }
        return run.Collects && Fail(run, keyword, keyword == "const" ? $"The value must be {Show(allowed[0])}." : $"The value must be one of {string.Join(", ", allowed.Take(20).Select(Show))}.");
    }

    static string Show(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 60 ? text : text[..60] + "…";
    }
}

sealed class BoundRule(SchemaNode owner, string keyword, JsonElement bound) : Rule(owner)
{
    readonly NumberOperand _bound = new(bound);

    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.Number)
            return true;
        var order = -_bound.CompareTo(instance);
        var valid = keyword switch
        {
            "minimum" => order >= 0,
            "exclusiveMinimum" => order > 0,
            "maximum" => order <= 0,
            _ => order < 0,
        };
        return valid || (run.Collects && Fail(run, keyword, $"The number must be {Relation} {_bound}."));
    }

    string Relation => keyword switch
    {
        "minimum" => "at least",
        "exclusiveMinimum" => "more than",
        "maximum" => "at most",
        _ => "less than",
    };
}

sealed class MultipleOfRule(SchemaNode owner, JsonElement divisor) : Rule(owner)
{
    readonly NumberOperand _divisor = new(divisor);

    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks) =>
        instance.ValueKind != JsonValueKind.Number
        || _divisor.Divides(instance)
        || (run.Collects && Fail(run, "multipleOf", $"The number must be a multiple of {_divisor}."));
}

/// <summary>A number of the schema, kept in each form that makes comparing cheap; the exact form always decides where the cheap ones cannot.</summary>
sealed class NumberOperand
{
    readonly ExactNumber _exact;
    readonly long? _integer;
    readonly decimal? _decimal;

    public NumberOperand(JsonElement value)
    {
        _exact = Numbers.Exact(value);
        _integer = value.TryGetInt64(out var integer) ? integer : null;
        _decimal = Numbers.TryDecimal(value, out var number) ? number : null;
    }

    /// <summary>As <see cref="IComparable.CompareTo"/>: negative when this is less than the instance.</summary>
    public int CompareTo(JsonElement instance)
    {
        if (_integer is { } mine && instance.TryGetInt64(out var integer))
            return mine.CompareTo(integer);
        if (_decimal is { } exactly && Numbers.TryDecimal(instance, out var number))
            return exactly.CompareTo(number);
        return _exact.CompareWith(Numbers.Exact(instance));
    }

    public bool Divides(JsonElement instance)
    {
        // long.MinValue % -1 overflows; a divisor of the schema is always positive.
        if (_integer is { } mine and > 0 && instance.TryGetInt64(out var integer))
            return integer % mine == 0;
        return Numbers.Exact(instance).IsMultipleOf(_exact);
    }

    public override string ToString() => _exact.ToString();
}

static class Numbers
{
    public static ExactNumber Exact(JsonElement number) => ExactNumber.Parse(JsonMarshal.GetRawUtf8Value(number));

    public static bool IsInteger(JsonElement number) => number.TryGetInt64(out _) || Exact(number).IsInteger;

    /// <summary>Only where the decimal holds every digit: up to 28 of them and no exponent.</summary>
    public static bool TryDecimal(JsonElement number, out decimal value)
    {
        var text = JsonMarshal.GetRawUtf8Value(number);
        value = 0;
        return text.Length <= 28 && text.IndexOfAny((byte)'e', (byte)'E') < 0 && number.TryGetDecimal(out value);
    }
}
