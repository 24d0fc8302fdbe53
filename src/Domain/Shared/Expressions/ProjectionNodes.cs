namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary><c>left[*]…</c>, and the projection that follows a flatten or a slice: nulls are left out.</summary>
sealed class ListProjectionNode(Node left, Node right) : Node(left, right)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var list = left.Evaluate(current, ref run);
        if (list.Kind != DatumKind.Array)
        {
            return default;
        }

        var kept = new DatumListBuilder();
        foreach (var item in list.EnumerateItems())
        {
            run.Charge(1);
            var value = right.Evaluate(item, ref run);
            if (!value.IsNull)
            {
                kept.Add(value, ref run);
            }
        }

        return kept.ToDatum(ref run);
    }

    public override void Collect(bool atRoot, RootReads reads)
    {
        left.Collect(atRoot, reads);
        right.Collect(atRoot: false, reads);
    }
}

/// <summary><c>left.*…</c>: over the values of an object.</summary>
sealed class ValueProjectionNode(Node left, Node right) : Node(left, right)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var value = left.Evaluate(current, ref run);
        if (value.Kind != DatumKind.Object)
        {
            return default;
        }

        var kept = new DatumListBuilder();
        foreach (var (_, member) in value.EnumerateMembers())
        {
            run.Charge(1);
            var projected = right.Evaluate(member, ref run);
            if (!projected.IsNull)
            {
                kept.Add(projected, ref run);
            }
        }

        return kept.ToDatum(ref run);
    }

    public override void Collect(bool atRoot, RootReads reads)
    {
        if (left.IsScope(atRoot))
        {
            reads.Whole = true;
        }

        left.Collect(atRoot, reads);
        right.Collect(atRoot: false, reads);
    }
}

/// <summary><c>left[?condition]…</c></summary>
sealed class FilterProjectionNode(Node left, Node condition, Node right) : Node(left, condition, right)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var list = left.Evaluate(current, ref run);
        if (list.Kind != DatumKind.Array)
        {
            return default;
        }

        var kept = new DatumListBuilder();
        foreach (var item in list.EnumerateItems())
        {
            run.Charge(1);
            if (!condition.Evaluate(item, ref run).IsTruthy)
            {
                continue;
            }

            var value = right.Evaluate(item, ref run);
            if (!value.IsNull)
            {
                kept.Add(value, ref run);
            }
        }

        return kept.ToDatum(ref run);
    }

    public override void Collect(bool atRoot, RootReads reads)
    {
        left.Collect(atRoot, reads);
        condition.Collect(atRoot: false, reads);
        right.Collect(atRoot: false, reads);
    }
}

/// <summary><c>left[]</c>: lists inside the list are merged into it, one level.</summary>
sealed class FlattenNode(Node left) : Node(left)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var list = left.Evaluate(current, ref run);
        if (list.Kind != DatumKind.Array)
        {
            return default;
        }

        var flat = new DatumListBuilder();
        foreach (var item in list.EnumerateItems())
        {
            if (item.Kind != DatumKind.Array)
            {
                flat.Add(item, ref run);
                continue;
            }

            run.Charge(1);
            foreach (var inner in item.EnumerateItems())
            {
                flat.Add(inner, ref run);
            }
        }

        return flat.ToDatum(ref run);
    }

    public override void Collect(bool atRoot, RootReads reads) => left.Collect(atRoot, reads);
}
