using static AgentPlatform.Domain.Shared.Expressions.Takes;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>The community edition's functions that make new text (JEP 14).</summary>
static class TextFunctions
{
    public static readonly Function[] All =
    [
        Function.Of("lower", Lower, Takes.String),
        Function.Of("upper", Upper, Takes.String),
        Function.Of("trim", Trim, Takes.String, Takes.String).WithOptional(1),
        Function.Of("trim_left", TrimLeft, Takes.String, Takes.String).WithOptional(1),
        Function.Of("trim_right", TrimRight, Takes.String, Takes.String).WithOptional(1),
        Function.Of("pad_left", PadLeft, Takes.String, Number, Takes.String).WithOptional(1),
        Function.Of("pad_right", PadRight, Takes.String, Number, Takes.String).WithOptional(1),
        Function.Of("split", Split, Takes.String, Takes.String, Number).WithOptional(1),
        Function.Of("replace", Replace, Takes.String, Takes.String, Takes.String, Number).WithOptional(1),
    ];

    static Datum Lower(in FunctionCall call, ref Evaluation run)
    {
        run.ChargeText(call[0].Weight);
        return Datum.From(call.Text(0).ToLowerInvariant());
    }

    static Datum Upper(in FunctionCall call, ref Evaluation run)
    {
        run.ChargeText(call[0].Weight);
        return Datum.From(call.Text(0).ToUpperInvariant());
    }

    static Datum Trim(in FunctionCall call, ref Evaluation run) => Trimmed(call, left: true, right: true, ref run);

    static Datum TrimLeft(in FunctionCall call, ref Evaluation run) => Trimmed(call, left: true, right: false, ref run);

    static Datum TrimRight(in FunctionCall call, ref Evaluation run) => Trimmed(call, left: false, right: true, ref run);

    static Datum Trimmed(in FunctionCall call, bool left, bool right, ref Evaluation run)
    {
        run.ChargeText(call[0].Weight);
        var text = call.Text(0);
        var dropped = call.Count > 1 ? call.Text(1).EnumerateRunes().ToHashSet() : [];
        var (start, end) = (0, text.Length);
        while (left && start < end && Drops(text, start))
        {
            start += CodePoints.SizeAt(text, start);
        }

        while (right && end > start)
        {
            var last = end - start > 1 && CodePoints.SizeAt(text, end - 2) == 2 ? end - 2 : end - 1;
            if (!Drops(text, last))
            {
                break;
            }

            end = last;
        }

        return Datum.From(text[start..end]);

        bool Drops(string text, int at) => dropped.Count == 0
            ? char.IsWhiteSpace(text[at])
            : System.Text.Rune.TryGetRuneAt(text, at, out var rune) && dropped.Contains(rune);
    }

    static Datum PadLeft(in FunctionCall call, ref Evaluation run) => Datum.From(Padding(call, ref run) + call.Text(0));

    static Datum PadRight(in FunctionCall call, ref Evaluation run) => Datum.From(call.Text(0) + Padding(call, ref run));

    static string Padding(in FunctionCall call, ref Evaluation run)
    {
        run.ChargeText(call[0].Weight);
        var width = call.Whole(1, 0);
        var pad = call.Count > 2 ? call.Text(2) : " ";
        if (CodePoints.Count(pad) != 1)
        {
            throw call.Invalid(ExpressionErrorCode.InvalidValue, "takes exactly one character to pad with");
        }

        var missing = Math.Max(0, width - CodePoints.Count(call.Text(0)));
        Evaluation.CheckSize(call[0].Weight + ((long)missing * pad.Length));
        run.ChargeText((long)missing * pad.Length);
        return string.Create(missing * pad.Length, pad, static (padding, pad) =>
        {
            for (var i = 0; i < padding.Length; i += pad.Length)
            {
                pad.CopyTo(padding[i..]);
            }
        });
    }

    static Datum Split(in FunctionCall call, ref Evaluation run)
    {
        run.ChargeText(call[0].Weight);
        var (text, separator) = (call.Text(0), call.Text(1));
        var splits = call.Count > 2 ? call.Whole(2, 0) : int.MaxValue;
        var parts = new DatumListBuilder();
        var start = 0;
        for (; splits > 0; splits--)
        {
            // An empty separator splits between all characters, and the last one has nothing after it to be split from.
            var end = separator.Length > 0
                ? text.IndexOf(separator, start, StringComparison.Ordinal)
                : start < text.Length && start + CodePoints.SizeAt(text, start) < text.Length ? start + CodePoints.SizeAt(text, start) : -1;
            if (end < 0)
            {
                break;
            }

            parts.Add(Datum.From(text[start..end]), ref run);
            start = end + separator.Length;
        }

        if (separator.Length > 0 || text.Length > 0)
        {
            parts.Add(Datum.From(text[start..]), ref run);
        }

        return parts.ToDatum(ref run);
    }

    static Datum Replace(in FunctionCall call, ref Evaluation run)
    {
        run.ChargeText(call[0].Weight);
        var (text, old, fresh) = (call.Text(0), call.Text(1), call.Text(2));
        var most = call.Count > 3 ? call.Whole(3, 0) : int.MaxValue;
        if (old.Length == 0 || most == 0)
        {
            return call[0];
        }

        var places = new List<int>();
        for (var at = 0; places.Count < most && (at = text.IndexOf(old, at, StringComparison.Ordinal)) >= 0; at += old.Length)
        {
            places.Add(at);
        }

        var size = text.Length + ((long)places.Count * (fresh.Length - old.Length));
        Evaluation.CheckSize(size);
        run.ChargeText(size);
        var made = new System.Text.StringBuilder((int)size);
        var copied = 0;
        foreach (var place in places)
        {
            made.Append(text, copied, place - copied).Append(fresh);
            copied = place + old.Length;
        }

        return Datum.From(made.Append(text, copied, text.Length - copied).ToString());
    }
}
