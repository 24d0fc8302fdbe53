namespace AgentPlatform.Domain.Shared.Expressions;

static class ObjectFunctions
{
    public static readonly Function[] All =
    [
        Function.Of("keys", Keys, Takes.Object),
        Function.Of("values", Values, Takes.Object),
        Function.Of("merge", Merge, Takes.Object).Variadic(),
        Function.Of("items", Items, Takes.Object),
        Function.Of("from_items", FromItems, Takes.Array),
    ];

    static Datum Keys(in FunctionCall call, ref Evaluation run)
    {
        var keys = new DatumListBuilder();
        foreach (var (name, _) in call[0].EnumerateMembers())
        {
            keys.Add(Datum.From(name), ref run);
        }

        return keys.ToDatum(ref run);
    }

    static Datum Values(in FunctionCall call, ref Evaluation run)
    {
        var values = new DatumListBuilder();
        foreach (var (_, value) in call[0].EnumerateMembers())
        {
            values.Add(value, ref run);
        }

        return values.ToDatum(ref run);
    }

    static Datum Merge(in FunctionCall call, ref Evaluation run)
    {
        var merged = new OrderedDictionary<string, Datum>();
        foreach (ref readonly var argument in call.Arguments)
        {
            foreach (var (name, value) in argument.EnumerateMembers())
            {
                run.Charge(4);
                merged[name] = Datums.Settled(value, ref run);
            }
        }

        return Datums.ToDatum([.. merged], ref run);
    }

    static Datum Items(in FunctionCall call, ref Evaluation run)
    {
        var items = new DatumListBuilder();
        foreach (var (name, value) in call[0].EnumerateMembers())
        {
            var pair = new DatumListBuilder();
            pair.Add(Datum.From(name), ref run);
            pair.Add(value, ref run);
            items.Add(pair.ToDatum(ref run), ref run);
        }

        return items.ToDatum(ref run);
    }

    static Datum FromItems(in FunctionCall call, ref Evaluation run)
    {
        var made = new OrderedDictionary<string, Datum>();
        foreach (var pair in call[0].EnumerateItems())
        {
            run.Charge(4);
            if (pair.Kind != DatumKind.Array)
            {
                throw call.Invalid(ExpressionErrorCode.InvalidType, "takes an array of [name, value] pairs");
            }

            var name = pair.ItemAt(0);
            if (pair.Length != 2 || name.Kind != DatumKind.String)
            {
                throw call.Invalid(ExpressionErrorCode.InvalidValue, "needs pairs of exactly a name (a string) and a value");
            }

            made[name.GetString()] = Datums.Settled(pair.ItemAt(1), ref run);
        }

        return Datums.ToDatum([.. made], ref run);
    }
}
