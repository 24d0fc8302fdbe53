using System.Numerics;
using System.Runtime.CompilerServices;

namespace AgentPlatform.Domain.Shared.Expressions;

readonly record struct Argument(Node Node, bool IsReference, int Position);

sealed class FunctionNode : Node
{
    readonly Function function;
    readonly Argument[] arguments;

    FunctionNode(Function function, Argument[] arguments, int position) : base([.. arguments.Select(a => a.Node)])
    {
        this.function = function;
        this.arguments = arguments;
        Position = position;
        Reference = arguments.FirstOrDefault(a => a.IsReference).Node;
    }

    public string Name => function.Name;
    public int Position { get; }

    /// <summary>The argument written <c>&amp;expression</c>; no function takes two.</summary>
    public Node? Reference { get; }

    /// <summary>Everything about a call that can be known without data is checked here.</summary>
    public static FunctionNode Of(Token name, Argument[] arguments)
    {
        var found = Function.Find(name.Text)
            ?? throw new CompileException(ExpressionErrorCode.UnknownFunction, $"There is no function {name.Text}().", name.Position);
        if (!found.Accepts(arguments.Length))
        {
            throw new CompileException(ExpressionErrorCode.InvalidArity, $"{name.Text}() takes {found.Arity} argument(s), not {arguments.Length}.", name.Position);
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            var (node, isReference, position) = arguments[i];
            var takes = found.ParameterAt(i);
            if (isReference != (takes == Takes.Expression) || (node is LiteralNode literal && !isReference && !Fits(literal.Value, takes)))
            {
                var given = isReference ? "an expression reference" : node is LiteralNode l ? NameOf(l.Value.Kind) : "a value";
                throw new CompileException(ExpressionErrorCode.InvalidType, Mismatch(name.Text, i, takes, given), position);
            }
        }

        return new FunctionNode(found, arguments, name.Position);
    }

    public override Datum Evaluate(in Datum current, ref Evaluation run)
    {
        run.Charge(2);
        // Up to four arguments live on the stack.
        var few = default(FewArguments);
        var values = arguments.Length <= 4 ? ((Span<Datum>)few)[..arguments.Length] : new Datum[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (arguments[i].IsReference)
            {
                continue;
            }

            values[i] = arguments[i].Node.Evaluate(current, ref run);
            var takes = function.ParameterAt(i);
            run.Charge(takes >= Takes.Numbers ? values[i].Kind == DatumKind.Array ? values[i].Length : 0 : 0);
            if (!Fits(values[i], takes))
            {
                throw new ExpressionException(ExpressionErrorCode.InvalidType, Mismatch(Name, i, takes, NameOf(values[i].Kind)), arguments[i].Position);
            }
        }

        return function.Body(new FunctionCall(values, this), ref run);
    }

    public override void Collect(bool atRoot, RootReads reads)
    {
        foreach (var argument in arguments)
        {
            // A reference is applied to elements, never to the scope.
            argument.Node.Collect(atRoot && !argument.IsReference, reads);
        }
    }

    public static string NameOf(DatumKind kind) => kind switch
    {
        DatumKind.Null => "null",
        DatumKind.Boolean => "a boolean",
        DatumKind.Number => "a number",
        DatumKind.String => "a string",
        DatumKind.Array => "an array",
        _ => "an object",
    };

    static bool Fits(in Datum value, Takes takes)
    {
        if (takes.HasFlag((Takes)(1 << (int)value.Kind)))
        {
            return true;
        }

        return value.Kind == DatumKind.Array
            && ((takes.HasFlag(Takes.Numbers) && Only(value, DatumKind.Number)) || (takes.HasFlag(Takes.Strings) && Only(value, DatumKind.String)));
    }

    static bool Only(in Datum array, DatumKind kind)
    {
        foreach (var item in array.EnumerateItems())
        {
            if (item.Kind != kind)
            {
                return false;
            }
        }

        return true;
    }

    static string Mismatch(string function, int index, Takes takes, string given)
    {
        var wanted = Enum.GetValues<Takes>()
            .Where(t => BitOperations.IsPow2((int)t) && takes.HasFlag(t))
            .Select(t => t switch
            {
                Takes.Numbers => "an array of numbers",
                Takes.Strings => "an array of strings",
                Takes.Expression => "an expression reference (&name)",
                _ => NameOf((DatumKind)BitOperations.Log2((uint)t)),
            });
        return $"{function}() takes {string.Join(" or ", wanted)} as argument {index + 1}, not {given}.";
    }

    [InlineArray(4)]
    struct FewArguments
    {
        Datum first;
    }
}
