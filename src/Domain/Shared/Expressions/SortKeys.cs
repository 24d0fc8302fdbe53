namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>Ordering by keys that are all numbers or all strings.</summary>
static class SortKeys
{
    /// <summary><paramref name="items"/> in the order of their keys. Equal keys keep their order, which Array.Sort alone does not promise.</summary>
    public static Datum[] Order(Datum[] items, Datum[] keys, ref Evaluation run)
    {
        var texts = Texts(keys, ref run);
        long rounds = System.Numerics.BitOperations.Log2((uint)keys.Length | 1) + 1;
        run.ChargeLong(rounds * keys.Length);
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) => Compare(keys, texts, a, b) is var result and not 0 ? result : a.CompareTo(b));
        return Array.ConvertAll(order, i => items[i]);
    }

    /// <summary>Where the first greatest (<paramref name="sign"/> 1) or least (-1) key stands; -1 when there is none.</summary>
    public static int Extreme(Datum[] keys, int sign, ref Evaluation run)
    {
        var texts = Texts(keys, ref run);
        run.Charge(keys.Length);
        var best = keys.Length == 0 ? -1 : 0;
        for (var i = 1; i < keys.Length; i++)
        {
            if (Compare(keys, texts, i, best) * sign > 0)
            {
                best = i;
            }
        }

        return best;
    }

    static int Compare(Datum[] keys, string[]? texts, int a, int b) =>
        texts is null ? Datum.CompareNumbers(keys[a], keys[b]) : Datum.CompareCodePoints(texts[a], texts[b]);

    // Strings are taken out of the JSON once, not at each of the n log n comparisons; the comparisons are charged for here as well.
    static string[]? Texts(Datum[] keys, ref Evaluation run)
    {
        if (keys.Length == 0 || keys[0].Kind != DatumKind.String)
        {
            return null;
        }

        var rounds = System.Numerics.BitOperations.Log2((uint)keys.Length | 1) + 1;
        var texts = new string[keys.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            run.ChargeText(keys[i].Weight * rounds);
            texts[i] = keys[i].GetString();
        }

        return texts;
    }
}
