using System.Diagnostics.CodeAnalysis;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>An array that was computed. Weight and depth are kept because a few characters of expression can share one part a
/// billion times over: the size that counts is the size written out.</summary>
sealed class DatumArray(Datum[] items, int count, long weight, int depth)
{
    public int Count { get; } = count;
    public long Weight { get; } = weight;
    public int Depth { get; } = depth;
    public ReadOnlySpan<Datum> Items => items.AsSpan(0, Count);

    public Datum this[int index] => items[index];

    public static DatumArray Of(Datum[] items)
    {
        long weight = 2;
        var depth = 0;
        foreach (ref readonly var item in items.AsSpan())
        {
            weight += item.Weight + 1;
            depth = Math.Max(depth, item.Depth);
        }

        return new DatumArray(items, items.Length, weight, depth + 1);
    }
}

/// <summary>An object that was computed; members keep the order in which they were made.</summary>
sealed class DatumMembers : IDatumObject
{
    // Below this a linear scan over a few names is faster than hashing, and needs no second structure.
    const int ScanUpTo = 8;

    readonly KeyValuePair<string, Datum>[] members;
    readonly Dictionary<string, int>? index;

    public DatumMembers(KeyValuePair<string, Datum>[] members)
    {
        this.members = members;
        index = members.Length > ScanUpTo ? new Dictionary<string, int>(members.Length) : null;
        Weight = 2;
        for (var i = 0; i < members.Length; i++)
        {
            Weight += members[i].Key.Length + 4 + members[i].Value.Weight;
            Depth = Math.Max(Depth, members[i].Value.Depth);
            index?[members[i].Key] = i;
        }

        Depth++;
    }

    public long Weight { get; }
    public int Depth { get; }
    public int Count => members.Length;
    public IEnumerable<KeyValuePair<string, Datum>> Members => members;

    public bool TryGet(string name, [MaybeNullWhen(false)] out Datum value)
    {
        if (index is not null)
        {
            var found = index.TryGetValue(name, out var at);
            value = found ? members[at].Value : default;
            return found;
        }

        foreach (var member in members)
        {
            if (member.Key == name)
            {
                value = member.Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
