using System.Text;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary><c>a.b.c</c>, from the current value or from <paramref name="source"/>.</summary>
sealed class FieldNode(Node? source, (string Name, byte[] Utf8)[] path) : Node(source)
{
    public static FieldNode Of(Node? left, string name)
    {
        (string, byte[])[] last = [(name, Encoding.UTF8.GetBytes(name))];
        return left is FieldNode chain ? chain.With(last) : new FieldNode(left, last);
    }

    FieldNode With((string, byte[])[] last) => new(source, [.. path, .. last]);

    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var value = source is null ? current : source.Evaluate(current, ref run);
        foreach (var (name, utf8) in path)
        {
            run.Charge(1 + (value.MembersToScan >> 3));
            value = value.Member(name, utf8);
        }

        return value;
    }

    public override void Collect(bool atRoot, RootReads reads)
    {
        if (source?.IsScope(atRoot) ?? atRoot)
        {
            reads.Fields.Add(path[0].Name);
        }
        else
        {
            source?.Collect(atRoot, reads);
        }
    }
}

/// <summary><c>left.right</c> where right is a function or a multi-select: evaluated with left's value as the current one.</summary>
sealed class SubNode(Node left, Node right) : Node(left, right)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run) => right.Evaluate(left.Evaluate(current, ref run), ref run);

    public override void Collect(bool atRoot, RootReads reads)
    {
        var scope = left.IsScope(atRoot);
        if (!scope)
        {
            left.Collect(atRoot, reads);
        }

        right.Collect(scope, reads);
    }
}

/// <summary><c>left | right</c>. It differs from a sub-expression only in the parser: a projection on the left ends here.</summary>
sealed class PipeNode(Node left, Node right) : Node(left, right)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        run.Charge(1);
        return right.Evaluate(left.Evaluate(current, ref run), ref run);
    }

    public override void Collect(bool atRoot, RootReads reads)
    {
        var scope = left.IsScope(atRoot);
        if (!scope)
        {
            left.Collect(atRoot, reads);
        }

        right.Collect(scope, reads);
    }
}

sealed class IndexNode(Node left, int index) : Node(left)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var value = left.Evaluate(current, ref run);
        if (value.Kind != DatumKind.Array)
        {
            return default;
        }

        var length = value.Length;
        // An array of arrays or objects is walked to the element, 8 elements to a unit of work.
        run.Charge(1 + (length >> 3));
        return value.ItemAt(index < 0 ? length + index : index);
    }

    public override void Collect(bool atRoot, RootReads reads) => left.Collect(atRoot, reads);
}

/// <summary><c>left[start:stop:step]</c> with Python's meaning of the three numbers.</summary>
sealed class SliceNode(Node left, int? start, int? stop, int step) : Node(left)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var value = left.Evaluate(current, ref run);
        if (value.Kind != DatumKind.Array)
        {
            return default;
        }

        var length = value.Length;
        var (lowest, highest) = step > 0 ? (0, length) : (-1, length - 1);
        // In 64 bits: a step of int.MinValue or a stop near int.MaxValue must not wrap around.
        long from = Bound(start, step > 0 ? lowest : highest);
        long to = Bound(stop, step > 0 ? highest : lowest);

        var items = Datums.Of(value, ref run);
        var taken = new DatumListBuilder();
        for (var at = from; step > 0 ? at < to : at > to; at += step)
        {
            taken.Add(items[(int)at], ref run);
        }

        return taken.ToDatum(ref run);

        int Bound(int? given, int fallback) => given is not { } at ? fallback : Math.Clamp(at < 0 ? at + length : at, lowest, highest);
    }

    public override void Collect(bool atRoot, RootReads reads) => left.Collect(atRoot, reads);
}
