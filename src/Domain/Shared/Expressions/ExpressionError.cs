namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>Why an expression or a template was refused, or failed on its data.</summary>
/// <param name="Code">One of <see cref="ExpressionErrorCode"/>.</param>
/// <param name="Message">A sentence for the author of the expression.</param>
/// <param name="Position">UTF-16 offset into the text, or -1 when no place can be named.</param>
public sealed record ExpressionError(string Code, string Message, int Position);

/// <summary>The error classes of the JMESPath specification, and <see cref="Limit"/> for what would cost too much.</summary>
public static class ExpressionErrorCode
{
    public const string Syntax = "syntax";
    public const string UnknownFunction = "unknown_function";
    public const string InvalidArity = "invalid_arity";
    public const string InvalidType = "invalid_type";
    public const string InvalidValue = "invalid_value";
    public const string Limit = "limit";
}

/// <summary>An expression or template that compiled, but failed on the data it met. Evaluation throws nothing else (but a cancellation).</summary>
public sealed class ExpressionException(ExpressionError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public ExpressionException(string code, string message, int position = -1) : this(new ExpressionError(code, message, position))
    {
    }

    public ExpressionError Error { get; } = error;
}

/// <summary>What one expression may cost. Every input ends inside these bounds, in a fraction of a second.</summary>
public static class ExpressionLimits
{
    /// <summary>Characters of an expression's text.</summary>
    public const int TextLength = 4096;

    /// <summary>Brackets, operands and arguments inside each other while parsing; also arrays and objects inside each other in a result.</summary>
    public const int Nesting = 64;

    /// <summary>Steps from the top of the compiled tree to its deepest leaf. Chains of operators make it deep without any bracket.</summary>
    public const int TreeDepth = 256;

    /// <summary>Characters of any value that an expression builds, counted as it would be written: shared parts count each time.</summary>
    public const int ValueSize = 8 * 1024 * 1024;

    /// <summary>Units of work of one evaluation: a node visited, an element read or kept, or 16 characters read or written.</summary>
    public const int Work = 4_000_000;
}
