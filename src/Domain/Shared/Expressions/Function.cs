using System.Collections.Frozen;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>What a parameter takes. The first six are <see cref="DatumKind"/>'s values as bits.</summary>
[Flags]
enum Takes
{
    Null = 1,
    Boolean = 2,
    Number = 4,
    String = 8,
    Array = 16,
    Object = 32,
    Any = 63,
    Numbers = 64,
    Strings = 128,
    Expression = 256,
}

delegate Datum FunctionBody(in FunctionCall call, ref Evaluation run);

/// <summary>A function as the parser checks it and the evaluation calls it.</summary>
/// <param name="Required">Arguments that must be there.</param>
/// <param name="Repeats">The last parameter takes any number of arguments.</param>
sealed record Function(string Name, Takes[] Parameters, int Required, bool Repeats, FunctionBody Body)
{
    static readonly FrozenDictionary<string, Function> All = new[]
    {
        NumberFunctions.All, ArrayFunctions.All, KeyFunctions.All, ObjectFunctions.All, StringFunctions.All, TextFunctions.All,
    }.SelectMany(f => f).ToFrozenDictionary(f => f.Name);

    public static Function? Find(string name) => All.GetValueOrDefault(name);

    public static Function Of(string name, FunctionBody body, params Takes[] parameters) => new(name, parameters, parameters.Length, Repeats: false, body);

    public Function WithOptional(int count) => this with { Required = Parameters.Length - count };

    public Function Variadic() => this with { Repeats = true };

    public Takes ParameterAt(int index) => Parameters[Math.Min(index, Parameters.Length - 1)];

    public bool Accepts(int count) => count >= Required && (Repeats || count <= Parameters.Length);

    public string Arity => (Repeats, Required == Parameters.Length) switch
    {
        (true, _) => $"at least {Required}",
        (_, true) => $"{Required}",
        _ => $"{Required} to {Parameters.Length}",
    };
}

/// <summary>The evaluated arguments of one call. An expression reference keeps its place as null and is applied with <see cref="Apply"/>.</summary>
readonly ref struct FunctionCall(ReadOnlySpan<Datum> arguments, FunctionNode node)
{
    readonly ReadOnlySpan<Datum> arguments = arguments;

    public int Count => arguments.Length;

    public ReadOnlySpan<Datum> Arguments => arguments;

    public Datum this[int index] => arguments[index];

    public string Text(int index) => arguments[index].GetString();

    public Datum Apply(in Datum item, ref Evaluation run)
    {
        run.Charge(1);
        return node.Reference!.Evaluate(item, ref run);
    }

    /// <summary>The whole number at <paramref name="index"/>, cut to the range of int (no text and no array is longer).</summary>
    public int Whole(int index, int least)
    {
        var value = arguments[index].GetDouble();
        return Math.Floor(value) == value && value >= least
            ? (int)Math.Min(value, int.MaxValue)
            : throw Invalid(ExpressionErrorCode.InvalidValue, least == 0 ? $"takes a whole number from 0 up as argument {index + 1}" : $"takes a whole number as argument {index + 1}");
    }

    public ExpressionException Invalid(string code, string sentence) => new(code, $"{node.Name}() {sentence}.", node.Position);
}
