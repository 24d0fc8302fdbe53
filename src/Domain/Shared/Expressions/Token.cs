namespace AgentPlatform.Domain.Shared.Expressions;

enum TokenKind
{
    End,
    Identifier,
    QuotedIdentifier,
    Integer,
    Literal,
    Variable,
    Root,
    Current,
    Dot,
    Comma,
    Colon,
    Star,
    Slash,
    DoubleSlash,
    Percent,
    Plus,
    Minus,
    Ampersand,
    And,
    Or,
    Pipe,
    Not,
    Assign,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    LeftParen,
    RightParen,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    Flatten,
    Filter,
}

/// <summary>One word of the language.</summary>
/// <param name="Text">The name, the digits, or the operator as written; a literal's value is in <paramref name="Value"/>.</param>
readonly record struct Token(TokenKind Kind, int Position, string Text, Datum Value = default);

/// <summary>Carries a refusal out of the lexer and the parser; never leaves <see cref="Expression.TryCompile"/>.</summary>
sealed class CompileException(string code, string message, int position) : Exception(message)
{
    public ExpressionError Error { get; } = new(code, message, position);
}
