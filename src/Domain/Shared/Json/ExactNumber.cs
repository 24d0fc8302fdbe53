using System.Numerics;
using System.Text;

namespace AgentPlatform.Domain.Shared.Json;

/// <summary>
/// A JSON number as it is meant, without rounding: ±0.<see cref="Digits"/> × 10^<see cref="Point"/>. Digits carry neither leading
/// nor trailing zeros (none at all: zero, which has no sign), so two numbers are equal exactly when their members are: 1, 1.0 and 10e-1
/// are one value. Exponents past ±10^17 are cut to that: no two numbers that anyone writes meet there.
/// </summary>
readonly record struct ExactNumber(bool Negative, string Digits, long Point)
{
    const long Bound = 100_000_000_000_000_000;

    public bool IsZero => Digits.Length == 0;

    public bool IsInteger => Digits.Length <= Point || IsZero;

    /// <summary>Reads the text of a JSON number that a JSON parser has accepted.</summary>
    public static ExactNumber Parse(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == '-';
        if (negative)
            text = text[1..];
        var exponent = 0L;
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0)
        {
            exponent = ParseExponent(text[(e + 1)..]);
            text = text[..e];
        }

        var dot = text.IndexOf((byte)'.');
        var whole = dot < 0 ? text : text[..dot];
        var digits = dot < 0
            ? Encoding.ASCII.GetString(whole)
            : string.Concat(Encoding.ASCII.GetString(whole), Encoding.ASCII.GetString(text[(dot + 1)..]));
        var significant = digits.TrimStart('0');
        var point = exponent + whole.Length - (digits.Length - significant.Length);
        significant = significant.TrimEnd('0');
        return significant.Length == 0 ? new(false, "", 0) : new(negative, significant, point);
    }

    /// <summary>Negative, 0 or positive, as this is less than, equal to or greater than <paramref name="other"/>.</summary>
    public int CompareWith(ExactNumber other)
    {
        if (Sign != other.Sign)
            return Sign.CompareTo(other.Sign);
        var magnitude = Point != other.Point ? Point.CompareTo(other.Point) : string.CompareOrdinal(Digits, other.Digits);
        return Negative ? -magnitude : magnitude;
    }

    /// <summary>Whether this is an integer times <paramref name="divisor"/> (which is not zero), decided exactly.</summary>
    public bool IsMultipleOf(ExactNumber divisor)
    {
        if (IsZero)
            return true;
        // a·10^k over b with integers a and b. The digits of a end in no zero, so with k < 0 it cannot be divisible by 10^|k|.
        var k = Point - Digits.Length - (divisor.Point - divisor.Digits.Length);
        if (k < 0)
            return false;
        var b = BigInteger.Parse(divisor.Digits);
        return (BigInteger.Parse(Digits) % b * BigInteger.ModPow(10, k, b) % b).IsZero;
    }

    /// <summary>The shortest exact decimal text, laid out as ECMAScript lays out numbers (RFC 8785).</summary>
    public override string ToString()
    {
        if (IsZero)
            return "0";
        var sign = Negative ? "-" : "";
        if (Digits.Length <= Point && Point <= 21)
            return sign + Digits.PadRight((int)Point, '0');
        if (Point is > 0 and <= 21)
            return $"{sign}{Digits[..(int)Point]}.{Digits[(int)Point..]}";
        if (Point is > -6 and <= 0)
            return $"{sign}0.{new string('0', (int)-Point)}{Digits}";
        var fraction = Digits.Length > 1 ? "." + Digits[1..] : "";
        return $"{sign}{Digits[0]}{fraction}e{(Point > 0 ? "+" : "")}{Point - 1}";
    }

    int Sign => IsZero ? 0 : Negative ? -1 : 1;

    static long ParseExponent(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == '-';
        var value = 0L;
        foreach (var digit in text[0] is (byte)'+' or (byte)'-' ? text[1..] : text)
            value = Math.Min(value * 10 + (digit - '0'), Bound);
        return negative ? -value : value;
    }
}
