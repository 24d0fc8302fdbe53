namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary><c>[a, b]</c>; null when the current value is null.</summary>
sealed class MultiSelectListNode(Node[] items) : Node(items)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        if (current.IsNull)
        {
            return default;
        }

        var made = new DatumListBuilder();
        foreach (var item in items)
        {
            made.Add(item.Evaluate(current, ref run), ref run);
        }

        return made.ToDatum(ref run);
    }

    public override void Collect(bool atRoot, RootReads reads)
    {
        foreach (var item in items)
        {
            item.Collect(atRoot, reads);
        }
    }
}

/// <summary><c>{a: x, b: y}</c>; null when the current value is null. Of a repeated name the last one stays.</summary>
sealed class MultiSelectHashNode : Node
{
    readonly (string Name, Node Value)[] members;

    public MultiSelectHashNode((string Name, Node Value)[] members) : base([.. members.Select(m => m.Value)]) =>
        this.members = [.. members.Where((m, i) => !members.Skip(i + 1).Any(later => later.Name == m.Name))];

    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        if (current.IsNull)
        {
            return default;
        }

        var made = new KeyValuePair<string, Datum>[members.Length];
        for (var i = 0; i < made.Length; i++)
        {
            run.Charge(4);
            made[i] = new KeyValuePair<string, Datum>(members[i].Name, Datums.Settled(members[i].Value.Evaluate(current, ref run), ref run));
        }

        var value = Datum.FromMembers(made);
        Evaluation.Admit(value);
        return value;
    }

    public override void Collect(bool atRoot, RootReads reads)
    {
        foreach (var (_, value) in members)
        {
            value.Collect(atRoot, reads);
        }
    }
}
