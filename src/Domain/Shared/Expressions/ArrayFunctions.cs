using static AgentPlatform.Domain.Shared.Expressions.Takes;

namespace AgentPlatform.Domain.Shared.Expressions;

static class ArrayFunctions
{
    public static readonly Function[] All =
    [
        Function.Of("contains", Contains, Takes.Array | Takes.String, Any),
        Function.Of("length", Length, Takes.Array | Takes.String | Takes.Object),
        Function.Of("reverse", Reverse, Takes.Array | Takes.String),
        Function.Of("sort", Sort, Numbers | Strings),
        Function.Of("max", Max, Numbers | Strings),
        Function.Of("min", Min, Numbers | Strings),
        Function.Of("map", Map, Takes.Expression, Takes.Array),
        Function.Of("not_null", NotNull, Any).Variadic(),
        Function.Of("to_array", ToArray, Any),
        Function.Of("type", Type, Any),
        Function.Of("zip", Zip, Takes.Array).Variadic(),
    ];

    static Datum Contains(in FunctionCall call, ref Evaluation run)
    {
        if (call[0].Kind == DatumKind.String)
        {
            run.ChargeText(call[0].Weight);
            return Datum.From(call[1].Kind == DatumKind.String && call.Text(0).Contains(call.Text(1), StringComparison.Ordinal));
        }

        foreach (var item in call[0].EnumerateItems())
        {
            run.Charge(1);
            if (EqualityNode.Same(item, call[1], ref run))
            {
                return Datum.True;
            }
        }

        return Datum.False;
    }

    static Datum Length(in FunctionCall call, ref Evaluation run)
    {
        run.ChargeText(call[0].Kind == DatumKind.String ? call[0].Weight : 0);
        return Datum.From((double)(call[0].Kind == DatumKind.String ? CodePoints.Count(call.Text(0)) : call[0].Length));
    }

    static Datum Reverse(in FunctionCall call, ref Evaluation run)
    {
        if (call[0].Kind == DatumKind.String)
        {
            run.ChargeText(call[0].Weight);
            return Datum.From(CodePoints.Reverse(call.Text(0)));
        }

        var items = Datums.Of(call[0], ref run);
        System.Array.Reverse(items);
        return Datums.ToDatum(items, ref run);
    }

    static Datum Sort(in FunctionCall call, ref Evaluation run)
    {
        var items = Datums.Of(call[0], ref run);
        return Datums.ToDatum(SortKeys.Order(items, items, ref run), ref run);
    }

    static Datum Max(in FunctionCall call, ref Evaluation run) => Extreme(call[0], 1, ref run);

    static Datum Min(in FunctionCall call, ref Evaluation run) => Extreme(call[0], -1, ref run);

    static Datum Extreme(in Datum array, int sign, ref Evaluation run)
    {
        var items = Datums.Of(array, ref run);
        var best = SortKeys.Extreme(items, sign, ref run);
        return best < 0 ? default : items[best];
    }

    static Datum Map(in FunctionCall call, ref Evaluation run)
    {
        var made = new DatumListBuilder();
        foreach (var item in call[1].EnumerateItems())
        {
            made.Add(call.Apply(item, ref run), ref run);
        }

        return made.ToDatum(ref run);
    }

    static Datum NotNull(in FunctionCall call, ref Evaluation run)
    {
        foreach (ref readonly var argument in call.Arguments)
        {
            if (!argument.IsNull)
            {
                return argument;
            }
        }

        return default;
    }

    static Datum ToArray(in FunctionCall call, ref Evaluation run)
    {
        if (call[0].Kind == DatumKind.Array)
        {
            return call[0];
        }

        var made = new DatumListBuilder();
        made.Add(call[0], ref run);
        return made.ToDatum(ref run);
    }

    static Datum Type(in FunctionCall call, ref Evaluation run) => Datum.From(call[0].Kind switch
    {
        DatumKind.Null => "null",
        DatumKind.Boolean => "boolean",
        DatumKind.Number => "number",
        DatumKind.String => "string",
        DatumKind.Array => "array",
        _ => "object",
    });

    static Datum Zip(in FunctionCall call, ref Evaluation run)
    {
        var columns = new Datum[call.Count][];
        var shortest = int.MaxValue;
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = Datums.Of(call[i], ref run);
            shortest = Math.Min(shortest, columns[i].Length);
        }

        var rows = new DatumListBuilder();
        for (var row = 0; row < shortest; row++)
        {
            var cells = new DatumListBuilder();
            foreach (var column in columns)
            {
                cells.Add(column[row], ref run);
            }

            rows.Add(cells.ToDatum(ref run), ref run);
        }

        return rows.ToDatum(ref run);
    }
}
