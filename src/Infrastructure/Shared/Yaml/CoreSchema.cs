using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentPlatform.Infrastructure.Shared.Yaml;

enum CoreKind
{
    Text,
    Literal,
    Number,
    NotANumber,
}

/// <summary>A scalar as the core schema reads it.</summary>
/// <param name="Json">The JSON text of a literal or a number; empty otherwise.</param>
readonly record struct CoreValue(CoreKind Kind, string Json);

/// <summary>The YAML 1.2 core schema (section 10.3 of the specification): what a scalar means.</summary>
static partial class CoreSchema
{
    public const string Text = "tag:yaml.org,2002:str";

    static readonly CoreValue Str = new(CoreKind.Text, "");

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture)]
    static partial Regex Decimal { get; }

    /// <summary>Null when the scalar has a tag that is not supported, or one that its text does not fit.</summary>
    public static CoreValue? Resolve(Scalar scalar)
    {
        if (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific)
            return ResolveTagged(scalar);
        return scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty ? ResolvePlain(scalar.Value) : Str;
    }

    public static CoreValue ResolvePlain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => new(CoreKind.Literal, "null"),
        "true" or "True" or "TRUE" => new(CoreKind.Literal, "true"),
        "false" or "False" or "FALSE" => new(CoreKind.Literal, "false"),
        ".nan" or ".NaN" or ".NAN" => new(CoreKind.NotANumber, ""),
        _ when text.TrimStart('-', '+') is ".inf" or ".Inf" or ".INF" && text.Length <= 5 => new(CoreKind.NotANumber, ""),
        _ when char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.' => ResolveNumber(text),
        _ => Str,
    };

    static CoreValue? ResolveTagged(Scalar scalar)
    {
        var plain = ResolvePlain(scalar.Value);
        return scalar.Tag.Value switch
        {
            Text => Str,
            "tag:yaml.org,2002:null" when plain.Json == "null" => plain,
            "tag:yaml.org,2002:bool" when plain.Json is "true" or "false" => plain,
            "tag:yaml.org,2002:int" when plain.Kind == CoreKind.Number && plain.Json.AsSpan().IndexOfAny('.', 'e', 'E') < 0 => plain,
            "tag:yaml.org,2002:float" when plain.Kind is CoreKind.Number or CoreKind.NotANumber => plain,
            _ => null,
        };
    }

    static CoreValue ResolveNumber(string text)
    {
        if (text.Length > 2 && text[0] == '0' && text[1] is 'x' or 'o')
            return text[1] == 'x' ? FromDigits(text, 16, char.IsAsciiHexDigit) : FromDigits(text, 8, c => c is >= '0' and <= '7');
        return Decimal.IsMatch(text) ? new(CoreKind.Number, ToJson(text)) : Str;
    }

    static CoreValue FromDigits(string text, int radix, Func<char, bool> isDigit)
    {
        if (!text.Skip(2).All(isDigit))
            return Str;
        // Past 400 digits the number is out of range in any radix; a stand-in of that length is refused like it.
        if (text.Length > 400)
            return new(CoreKind.Number, new string('9', 400));
        var value = text.Skip(2).Aggregate(BigInteger.Zero, (sum, c) => sum * radix + Convert.ToInt32(c.ToString(), 16));
        return new(CoreKind.Number, value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The same digits as JSON writes them: no plus, no leading zeros, a digit on both sides of the point.</summary>
    static string ToJson(string text)
    {
        var sign = text[0] == '-' ? "-" : "";
        text = text.TrimStart('-', '+');
        var end = text.AsSpan().IndexOfAny('e', 'E');
        var exponent = end < 0 ? "" : text[end..];
        var mantissa = end < 0 ? text : text[..end];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = (dot < 0 ? mantissa : mantissa[..dot]).TrimStart('0');
        var fraction = dot < 0 || dot == mantissa.Length - 1 ? "" : mantissa[dot..];
        return $"{sign}{(whole.Length == 0 ? "0" : whole)}{fraction}{exponent}";
    }
}
