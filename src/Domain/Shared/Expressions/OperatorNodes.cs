namespace AgentPlatform.Domain.Shared.Expressions;

abstract class BinaryNode(Node left, Node right) : Node(left, right)
{
    protected Node Left => left;
    protected Node Right => right;

    public sealed override void Collect(bool atRoot, RootReads reads)
    {
        left.Collect(atRoot, reads);
        right.Collect(atRoot, reads);
    }
}

sealed class OrNode(Node left, Node right) : BinaryNode(left, right)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var value = Left.Evaluate(current, ref run);
        return value.IsTruthy ? value : Right.Evaluate(current, ref run);
    }
}

sealed class AndNode(Node left, Node right) : BinaryNode(left, right)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var value = Left.Evaluate(current, ref run);
        return value.IsTruthy ? Right.Evaluate(current, ref run) : value;
    }
}

sealed class NotNode(Node operand) : Node(operand)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run) => Datum.From(!operand.Evaluate(current, ref run).IsTruthy);

    public override void Collect(bool atRoot, RootReads reads) => operand.Collect(atRoot, reads);
}

sealed class EqualityNode(Node left, Node right, bool equal) : BinaryNode(left, right)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var a = Left.Evaluate(current, ref run);
        var b = Right.Evaluate(current, ref run);
        return Datum.From(Same(a, b, ref run) == equal);
    }

    /// <summary>Equality, paid for by the smaller side.</summary>
    public static bool Same(in Datum a, in Datum b, ref Evaluation run)
    {
        if (a.Kind != b.Kind)
        {
            return false;
        }

        // Text is compared by the block, containers element by element, of which the smallest take two characters.
        var shared = Math.Min(a.Weight, b.Weight);
        run.ChargeLong(1 + (a.Kind is DatumKind.Array or DatumKind.Object ? shared : shared >> 4));
        return a.Equals(b);
    }
}

/// <summary>&lt; &lt;= &gt; &gt;=: for numbers; anything else gives null, as the specification has it.</summary>
sealed class OrderNode(Node left, Node right, TokenKind comparison) : BinaryNode(left, right)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var a = Left.Evaluate(current, ref run);
        var b = Right.Evaluate(current, ref run);
        run.Charge(1);
        if (a.Kind != DatumKind.Number || b.Kind != DatumKind.Number)
        {
            return default;
        }

        var order = Datum.CompareNumbers(a, b);
        return Datum.From(comparison switch
        {
            TokenKind.Less => order < 0,
            TokenKind.LessOrEqual => order <= 0,
            TokenKind.Greater => order > 0,
            _ => order >= 0,
        });
    }
}

sealed class ArithmeticNode(Node left, Node right, TokenKind sign, int position) : BinaryNode(left, right)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        var a = Numeric.Operand(Left.Evaluate(current, ref run), position);
        var b = Numeric.Operand(Right.Evaluate(current, ref run), position);
        run.Charge(1);
        return Numeric.Result(sign switch
        {
            TokenKind.Plus => a + b,
            TokenKind.Minus => a - b,
            TokenKind.Star => a * b,
            TokenKind.Slash => a / b,
            TokenKind.DoubleSlash => Math.Floor(a / b),
            _ => a % b,
        }, position);
    }
}

sealed class NegateNode(Node operand, int position) : Node(operand)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run) =>
        Numeric.Result(0 - Numeric.Operand(operand.Evaluate(current, ref run), position), position);

    public override void Collect(bool atRoot, RootReads reads) => operand.Collect(atRoot, reads);
}

sealed class PlusNode(Node operand, int position) : Node(operand)
{
    public override Datum Evaluate(in Datum current, ref Evaluation run) =>
        Numeric.Result(Numeric.Operand(operand.Evaluate(current, ref run), position), position);

    public override void Collect(bool atRoot, RootReads reads) => operand.Collect(atRoot, reads);
}

static class Numeric
{
    public static double Operand(in Datum value, int position) => value.Kind == DatumKind.Number
        ? value.GetDouble()
        : throw new ExpressionException(ExpressionErrorCode.InvalidType, $"Arithmetic needs numbers, not {FunctionNode.NameOf(value.Kind)}.", position);

    public static Datum Result(double value, int position) => double.IsFinite(value)
        ? Datum.From(value)
        : throw new ExpressionException(ExpressionErrorCode.InvalidValue, "The result is no finite number (a division by zero, or an overflow).", position);
}
