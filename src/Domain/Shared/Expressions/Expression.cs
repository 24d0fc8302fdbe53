using System.Diagnostics.CodeAnalysis;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>A compiled JMESPath expression (jmespath.org), with the community edition's arithmetic, <c>let</c>, <c>$</c> and string
/// functions. Thread-safe, pure, and bounded by <see cref="ExpressionLimits"/> on every input.</summary>
public sealed class Expression
{
    readonly Node tree;
    readonly int slots;

    Expression(string text, Node tree, int slots, RootReads reads)
    {
        Text = text;
        this.tree = tree;
        this.slots = slots;
        RootFields = reads.Fields;
        ReadsWholeScope = reads.Whole;
    }

    public string Text { get; }

    /// <summary>Every top-level name of the scope that the expression may read: <c>fetch</c> of <c>fetch.body</c>. Names inside
    /// projections and behind pipes belong to other values and are not among them.</summary>
    public IReadOnlySet<string> RootFields { get; }

    /// <summary>It takes the scope itself (<c>@</c>, <c>$</c>, <c>*</c>), so that any name may be read.</summary>
    public bool ReadsWholeScope { get; }

    public static bool TryCompile(string text, [NotNullWhen(true)] out Expression? expression, [NotNullWhen(false)] out ExpressionError? error)
    {
        (expression, error) = (null, null);
        if (text.Length > ExpressionLimits.TextLength)
        {
            error = new ExpressionError(ExpressionErrorCode.Limit, $"The expression has {text.Length} characters; at most {ExpressionLimits.TextLength} are read.", ExpressionLimits.TextLength);
            return false;
        }

        if (CodePoints.LoneSurrogate(text) is var lone and >= 0)
        {
            error = new ExpressionError(ExpressionErrorCode.Syntax, "The text is not valid Unicode here (a surrogate stands alone).", lone);
            return false;
        }

        try
        {
            var parser = new Parser(Lexer.Read(text));
            var parsed = parser.Parse();
            var reads = new RootReads();
            parsed.Collect(atRoot: true, reads);
            expression = new Expression(text, parsed, parser.Slots, reads);
            return true;
        }
        catch (CompileException refused)
        {
            error = refused.Error;
            return false;
        }
    }

    /// <summary>The value of the expression over <paramref name="root"/>, the scope.</summary>
    /// <exception cref="ExpressionException">The data does not fit (a type or value error), or a limit was passed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public Datum Evaluate(Datum root, CancellationToken ct = default)
    {
        var run = new Evaluation(root, ct);
        return Evaluate(ref run);
    }

    /// <summary>The same within an evaluation that others share: what they may cost, they may cost together.</summary>
    internal Datum Evaluate(ref Evaluation run)
    {
        run.Reserve(slots);
        return tree.Evaluate(run.Root, ref run);
    }
}
