namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>Gathers an array and stops as soon as it grows past the limits, before the memory is taken.</summary>
struct DatumListBuilder
{
    // An element kept costs memory, not only time.
    const int UnitsPerElement = 3;

    Datum[] items;
    int count;
    long weight;
    int depth;

    public void Add(in Datum value, ref Evaluation run)
    {
        run.Charge(UnitsPerElement);
        var item = Datums.Settled(value, ref run);
        weight += item.Weight + 1;
        depth = Math.Max(depth, item.Depth);
        Evaluation.CheckSize(weight);
        items ??= new Datum[4];
        if (count == items.Length)
        {
            Array.Resize(ref items, count * 2);
        }

        items[count++] = item;
    }

    public readonly Datum ToDatum(ref Evaluation run)
    {
        var made = Datum.FromArray(new DatumArray(items ?? [], count, weight + 2, depth + 1));
        Evaluation.Admit(made);
        return made;
    }
}

static class Datums
{
    /// <summary>The elements for access by index: a JSON array would walk to each one anew.</summary>
    public static Datum[] Of(in Datum array, ref Evaluation run)
    {
        run.Charge(array.Length);
        var items = new Datum[array.Length];
        var at = 0;
        foreach (var item in array.EnumerateItems())
        {
            items[at++] = item;
        }

        return items;
    }

    public static Datum ToDatum(Datum[] items, ref Evaluation run)
    {
        run.ChargeLong(3L * items.Length);
        var made = Datum.FromArray(DatumArray.Of(items));
        Evaluation.Admit(made);
        return made;
    }

    public static Datum ToDatum(KeyValuePair<string, Datum>[] members, ref Evaluation run)
    {
        run.ChargeLong(4L * members.Length);
        var made = Datum.FromMembers(members);
        Evaluation.Admit(made);
        return made;
    }

    /// <summary>A lazy object that becomes part of a value is read once, so that its size is known.</summary>
    public static Datum Settled(in Datum value, ref Evaluation run)
    {
        if (!value.IsLazy)
        {
            return value;
        }

        KeyValuePair<string, Datum>[] members = [.. value.EnumerateMembers()];
        run.Charge(members.Length);
        return Datum.FromMembers(members);
    }
}
