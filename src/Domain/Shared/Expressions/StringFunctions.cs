using System.Text;
using static AgentPlatform.Domain.Shared.Expressions.Takes;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>The standard's string functions, and the community edition's search functions (JEP 14). Offsets are in code points.</summary>
static class StringFunctions
{
    public static readonly Function[] All =
    [
        Function.Of("starts_with", StartsWith, Takes.String, Takes.String),
        Function.Of("ends_with", EndsWith, Takes.String, Takes.String),
        Function.Of("join", Join, Takes.String, Strings),
        Function.Of("to_string", ToText, Any),
        Function.Of("find_first", FindFirst, Takes.String, Takes.String, Number, Number).WithOptional(2),
        Function.Of("find_last", FindLast, Takes.String, Takes.String, Number).WithOptional(1),
    ];

    static Datum StartsWith(in FunctionCall call, ref Evaluation run)
    {
        run.ChargeText(call[0].Weight);
        return Datum.From(call.Text(0).StartsWith(call.Text(1), StringComparison.Ordinal));
    }

    static Datum EndsWith(in FunctionCall call, ref Evaluation run)
    {
        run.ChargeText(call[0].Weight);
        return Datum.From(call.Text(0).EndsWith(call.Text(1), StringComparison.Ordinal));
    }

    static Datum Join(in FunctionCall call, ref Evaluation run)
    {
        var glue = call.Text(0);
        long size = 0;
        foreach (var part in call[1].EnumerateItems())
        {
            run.Charge(1);
            size += part.Weight + glue.Length;
        }

        Evaluation.CheckSize(size);
        run.ChargeText(size);
        var joined = new StringBuilder();
        var first = true;
        foreach (var part in call[1].EnumerateItems())
        {
            joined.Append(first ? "" : glue).Append(part.GetString());
            first = false;
        }

        return Datum.From(joined.ToString());
    }

    static Datum ToText(in FunctionCall call, ref Evaluation run)
    {
        if (call[0].Kind == DatumKind.String)
        {
            return call[0];
        }

        var value = Datums.Settled(call[0], ref run);
        Evaluation.CheckSize(value.Weight);
        run.ChargeLong(1 + (value.Weight >> 2));
        return Datum.From(value.ToJson());
    }

    /// <summary>Where argument 2 first stands in argument 1, from argument 3 on and ending before argument 4; null when it does not.</summary>
    static Datum FindFirst(in FunctionCall call, ref Evaluation run)
    {
        run.ChargeText(call[0].Weight + call[1].Weight);
        var (subject, sought) = (call.Text(0), call.Text(1));
        var start = call.Count > 2 ? CodePoints.ToUnits(subject, Math.Max(0, call.Whole(2, int.MinValue))) : 0;
        var end = call.Count > 3 ? CodePoints.ToUnits(subject, Math.Max(0, call.Whole(3, int.MinValue))) : subject.Length;
        if (sought.Length == 0 || end <= start)
        {
            return default;
        }

        var found = subject.IndexOf(sought, start, end - start, StringComparison.Ordinal);
        return found < 0 ? default : Datum.From((double)CodePoints.Count(subject[..found]));
    }

    /// <summary>Where argument 2 last stands in argument 1, beginning at argument 3 or before; null when it does not.</summary>
    static Datum FindLast(in FunctionCall call, ref Evaluation run)
    {
        run.ChargeText(call[0].Weight + call[1].Weight);
        var (subject, sought) = (call.Text(0), call.Text(1));
        var last = call.Count > 2 ? call.Whole(2, int.MinValue) : int.MaxValue;
        if (sought.Length == 0 || last < 0)
        {
            return default;
        }

        // The match may begin at that place and reach past it.
        var until = Math.Min(subject.Length, (long)CodePoints.ToUnits(subject, last) + sought.Length);
        var found = subject.AsSpan(0, (int)until).LastIndexOf(sought, StringComparison.Ordinal);
        return found < 0 ? default : Datum.From((double)CodePoints.Count(subject[..found]));
    }
}
