namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>A compiled step. Nodes hold no state of an evaluation: one tree serves every thread.</summary>
abstract class Node
{
    /// <summary>Steps to the deepest leaf below: what evaluation takes of the stack.</summary>
    public int Depth { get; private init; } = 1;

    protected Node(params ReadOnlySpan<Node?> children)
    {
        foreach (var child in children)
        {
            Depth = Math.Max(Depth, (child?.Depth ?? 0) + 1);
        }
    }

    public abstract Datum Evaluate(in Datum current, ref Evaluation run);

    /// <summary>Notes which names of the scope are read. <paramref name="atRoot"/>: the current value is the scope itself.</summary>
    public abstract void Collect(bool atRoot, RootReads reads);

    /// <summary>Whether the node yields the scope itself.</summary>
    public bool IsScope(bool atRoot) => this is RootNode || (atRoot && this is CurrentNode);
}

sealed class RootReads
{
    public HashSet<string> Fields { get; } = [];
    public bool Whole { get; set; }
}

sealed class LiteralNode(Datum value) : Node
{
    public Datum Value => value;

    public override Datum Evaluate(in Datum current, ref Evaluation run) => value;

    public override void Collect(bool atRoot, RootReads reads)
    {
    }
}

/// <summary>The current value: written as <c>@</c>, or implied where an operator such as <c>[0]</c> has nothing on its left.</summary>
sealed class CurrentNode : Node
{
    public static readonly CurrentNode Implicit = new();
    public static readonly CurrentNode Explicit = new();

    public override Datum Evaluate(in Datum current, ref Evaluation run) => current;

    public override void Collect(bool atRoot, RootReads reads) => reads.Whole |= atRoot && this == Explicit;
}

sealed class RootNode : Node
{
    public override Datum Evaluate(in Datum current, ref Evaluation run) => run.Root;

    public override void Collect(bool atRoot, RootReads reads) => reads.Whole = true;
}

sealed class VariableNode(int slot) : Node
{
    public override Datum Evaluate(in Datum current, ref Evaluation run) => run.Variable(slot);

    public override void Collect(bool atRoot, RootReads reads)
    {
    }
}

sealed class LetNode((int Slot, Node Value)[] bindings, Node body) : Node([body, .. bindings.Select(b => b.Value)])
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        // Slots are unique in the whole expression, so binding one by one shows no later binding an earlier one's name.
        foreach (var (slot, value) in bindings)
        {
            run.Bind(slot, value.Evaluate(current, ref run));
        }

        return body.Evaluate(current, ref run);
    }

    public override void Collect(bool atRoot, RootReads reads)
    {
        foreach (var (_, value) in bindings)
        {
            value.Collect(atRoot, reads);
        }

        body.Collect(atRoot, reads);
    }
}
