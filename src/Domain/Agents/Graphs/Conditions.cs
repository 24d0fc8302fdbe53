using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Compiles the expressions that decide: the <c>when</c> of an edge and of a switch's case.</summary>
static class Conditions
{
    // Long constants could cost real time, and no one writes them; those that switch a branch off are short.
    const int LongestFolded = 64;

    // The scope of a run is an object; what is true of null ([...] of null is null) may not be true of it.
    static readonly Datum NoNames = Datum.FromObject(new Dictionary<string, Datum>());

    /// <param name="text">Without a leading <c>=</c>.</param>
    public static Expression? Compile(string text, string pointer, GraphLimits limits, ICollection<GraphProblem> problems)
    {
        if (text.Length > limits.ExpressionLength)
        {
            problems.Add(ExpressionTooLong(pointer, text.Length, limits));
            return null;
        }

        if (Expression.TryCompile(text, out var expression, out var error))
            return expression;
        problems.Add(Refused(pointer, error));
        return null;
    }

    /// <summary>The value of a condition that reads nothing, so that it is the same in every run; null when it depends on the run.</summary>
    public static bool? Constant(Expression condition, string pointer, ICollection<GraphProblem> problems)
    {
        if (condition.ReadsWholeScope || condition.RootFields.Count > 0 || condition.Text.Length > LongestFolded)
            return null;
        try
        {
            return condition.Evaluate(NoNames).IsTruthy;
        }
        catch (ExpressionException failed)
        {
            problems.Add(GraphProblem.Error(pointer, GraphProblemCodes.InvalidExpression, $"This condition fails in every run: {failed.Message}"));
            return null;
        }
    }

    public static GraphProblem Refused(string pointer, ExpressionError error) => GraphProblem.Error(
        pointer,
        error.Code == ExpressionErrorCode.Limit ? GraphProblemCodes.LimitPassed : GraphProblemCodes.InvalidExpression,
        error.Position >= 0 ? $"{error.Message} (At character {error.Position + 1}.)" : error.Message);

    public static GraphProblem ExpressionTooLong(string pointer, int length, GraphLimits limits) => GraphProblem.Error(
        pointer, GraphProblemCodes.LimitPassed, $"The expression has {length} characters; at most {limits.ExpressionLength} are allowed. Compute parts of it in nodes of their own.");
}
