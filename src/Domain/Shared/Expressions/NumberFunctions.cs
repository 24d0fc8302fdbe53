using System.Globalization;
using System.Text;
using System.Text.Json;
using static AgentPlatform.Domain.Shared.Expressions.Takes;

namespace AgentPlatform.Domain.Shared.Expressions;

static class NumberFunctions
{
    public static readonly Function[] All =
    [
        Function.Of("abs", Abs, Number),
        Function.Of("ceil", Ceil, Number),
        Function.Of("floor", Floor, Number),
        Function.Of("sum", Sum, Numbers),
        Function.Of("avg", Avg, Numbers),
        Function.Of("to_number", ToNumber, Any),
    ];

    // Numbers that need no change stay themselves, with every digit of the input.
    static Datum Abs(in FunctionCall call, ref Evaluation run) => call[0].GetDouble() >= 0 ? call[0] : Datum.From(-call[0].GetDouble());

    static Datum Ceil(in FunctionCall call, ref Evaluation run) => Rounded(call[0], Math.Ceiling(call[0].GetDouble()));

    static Datum Floor(in FunctionCall call, ref Evaluation run) => Rounded(call[0], Math.Floor(call[0].GetDouble()));

    static Datum Rounded(in Datum number, double rounded) => Math.Abs(rounded) >= Datum.ExactIntegers ? number : Datum.From(rounded);

    static Datum Sum(in FunctionCall call, ref Evaluation run) => Datum.From(Total(call[0], ref run));

    static Datum Avg(in FunctionCall call, ref Evaluation run) =>
        call[0].Length == 0 ? default : Datum.From(Total(call[0], ref run) / call[0].Length);

    static double Total(in Datum numbers, ref Evaluation run)
    {
        run.Charge(numbers.Length);
        double total = 0;
        foreach (var number in numbers.EnumerateItems())
        {
            total += number.GetDouble();
        }

        return total;
    }

    static Datum ToNumber(in FunctionCall call, ref Evaluation run)
    {
        if (call[0].Kind != DatumKind.String)
        {
            return call[0].Kind == DatumKind.Number ? call[0] : default;
        }

        var text = call.Text(0);
        run.ChargeText(text.Length);
        if (!IsJsonNumber(text) || !double.IsFinite(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)))
        {
            return default;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        return Datum.From(JsonElement.ParseValue(ref reader));
    }

    static bool IsJsonNumber(string text)
    {
        var rest = text.AsSpan();
        rest = rest.StartsWith("-") ? rest[1..] : rest;
        var whole = CountDigits(rest);
        if (whole == 0 || (whole > 1 && rest[0] == '0'))
        {
            return false;
        }

        rest = rest[whole..];
        if (rest is ['.', ..])
        {
            var decimals = CountDigits(rest[1..]);
            if (decimals == 0)
            {
                return false;
            }

            rest = rest[(1 + decimals)..];
        }

        if (rest is ['e' or 'E', ..])
        {
            rest = rest[1..] is ['+' or '-', .. var unsigned] ? unsigned : rest[1..];
            var digits = CountDigits(rest);
            return digits > 0 && digits == rest.Length;
        }

        return rest.IsEmpty;
    }

    static int CountDigits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
