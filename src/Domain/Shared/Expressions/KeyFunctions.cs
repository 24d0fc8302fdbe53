namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>Functions that order or group elements by an expression applied to each.</summary>
static class KeyFunctions
{
    public static readonly Function[] All =
    [
        Function.Of("sort_by", SortBy, Takes.Array, Takes.Expression),
        Function.Of("max_by", MaxBy, Takes.Array, Takes.Expression),
        Function.Of("min_by", MinBy, Takes.Array, Takes.Expression),
        Function.Of("group_by", GroupBy, Takes.Array, Takes.Expression),
    ];

    static Datum SortBy(in FunctionCall call, ref Evaluation run)
    {
        var items = Datums.Of(call[0], ref run);
        return Datums.ToDatum(SortKeys.Order(items, Keys(call, items, ref run), ref run), ref run);
    }

    static Datum MaxBy(in FunctionCall call, ref Evaluation run) => Extreme(call, 1, ref run);

    static Datum MinBy(in FunctionCall call, ref Evaluation run) => Extreme(call, -1, ref run);

    static Datum Extreme(in FunctionCall call, int sign, ref Evaluation run)
    {
        var items = Datums.Of(call[0], ref run);
        var best = SortKeys.Extreme(Keys(call, items, ref run), sign, ref run);
        return best < 0 ? default : items[best];
    }

    static Datum[] Keys(in FunctionCall call, Datum[] items, ref Evaluation run)
    {
        var keys = new Datum[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            keys[i] = call.Apply(items[i], ref run);
            if (keys[i].Kind is not (DatumKind.Number or DatumKind.String) || keys[i].Kind != keys[0].Kind)
            {
                throw call.Invalid(ExpressionErrorCode.InvalidType, "needs keys that are all numbers or all strings");
            }
        }

        return keys;
    }

    /// <summary>Elements whose key is null are left out.</summary>
    static Datum GroupBy(in FunctionCall call, ref Evaluation run)
    {
        var groups = new OrderedDictionary<string, List<Datum>>();
        foreach (var item in call[0].EnumerateItems())
        {
            var key = call.Apply(item, ref run);
            if (key.IsNull)
            {
                continue;
            }

            if (key.Kind != DatumKind.String)
            {
                throw call.Invalid(ExpressionErrorCode.InvalidType, "needs keys that are strings");
            }

            run.ChargeText(key.Weight);
            run.Charge(4);
            var name = key.GetString();
            if (!groups.TryGetValue(name, out var members))
            {
                groups.Add(name, members = []);
            }

            members.Add(item);
        }

        return Datums.ToDatum([.. groups.Select(g => new KeyValuePair<string, Datum>(g.Key, Datum.FromArray(g.Value)))], ref run);
    }
}
