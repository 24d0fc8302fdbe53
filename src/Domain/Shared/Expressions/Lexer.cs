using System.Text;
using System.Text.Json;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>Text to tokens, by the grammar of the JMESPath specification; the arithmetic signs are the community edition's.</summary>
static class Lexer
{
    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (at < text.Length)
        {
            var c = text[at];
            if (c is ' ' or '\t' or '\n' or '\r')
            {
                at++;
                continue;
            }

            var token = c switch
            {
                _ when IsNameStart(c) => Name(text, at, at, TokenKind.Identifier),
                _ when char.IsAsciiDigit(c) => Digits(text, at),
                '"' => Quoted(text, at),
                '\'' => RawString(text, at),
                '`' => Literal(text, at),
                '$' when at + 1 < text.Length && IsNameStart(text[at + 1]) => Name(text, at, at + 1, TokenKind.Variable),
                _ => Operator(text, at),
            };
            tokens.Add(token.Token);
            at = token.End;
        }

        tokens.Add(new Token(TokenKind.End, text.Length, "the end"));
        return tokens;
    }

    static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    static (Token Token, int End) Name(string text, int start, int from, TokenKind kind)
    {
        var end = from;
        while (end < text.Length && (IsNameStart(text[end]) || char.IsAsciiDigit(text[end])))
        {
            end++;
        }

        return (new Token(kind, start, text[from..end]), end);
    }

    static (Token Token, int End) Digits(string text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return (new Token(TokenKind.Integer, start, text[start..end]), end);
    }

    /// <summary>The offset of the closing <paramref name="quote"/>; a backslash shields the character after it.</summary>
    static int Close(string text, int start, char quote)
    {
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
            else if (text[at] == quote)
            {
                return at;
            }
        }

        throw new CompileException(ExpressionErrorCode.Syntax, $"The {quote} is not closed.", start);
    }

    static (Token Token, int End) Quoted(string text, int start)
    {
        var close = Close(text, start, '"');
        var name = Json(text[start..(close + 1)], start);
        return (new Token(TokenKind.QuotedIdentifier, start, name.GetString()), close + 1);
    }

    static (Token Token, int End) RawString(string text, int start)
    {
        // Only \' is an escape here; every other backslash is itself.
        var close = Close(text, start, '\'');
        var raw = text[(start + 1)..close].Replace("\\'", "'", StringComparison.Ordinal);
        return (new Token(TokenKind.Literal, start, "a string", Datum.From(raw)), close + 1);
    }

    static (Token Token, int End) Literal(string text, int start)
    {
        var close = Close(text, start, '`');
        var json = text[(start + 1)..close].Replace("\\`", "`", StringComparison.Ordinal);
        return (new Token(TokenKind.Literal, start, "a literal", Json(json, start)), close + 1);
    }

    static Datum Json(string json, int position)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            var element = JsonElement.ParseValue(ref reader);
            if (reader.Read())
            {
                throw new CompileException(ExpressionErrorCode.Syntax, "More follows the JSON value.", position);
            }

            var value = Datum.From(element);
            return value.Kind == DatumKind.String ? Datum.From(value.GetString()) : value;
        }
        catch (Exception invalid) when (invalid is JsonException or ExpressionException)
        {
            throw new CompileException(ExpressionErrorCode.Syntax, "What stands between the quotes is not valid JSON.", position);
        }
    }

    static (Token Token, int End) Operator(string text, int at)
    {
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        var (kind, length) = (text[at], next) switch
        {
            ('[', '?') => (TokenKind.Filter, 2),
            ('[', ']') => (TokenKind.Flatten, 2),
            ('|', '|') => (TokenKind.Or, 2),
            ('&', '&') => (TokenKind.And, 2),
            ('=', '=') => (TokenKind.Equal, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessOrEqual, 2),
            ('>', '=') => (TokenKind.GreaterOrEqual, 2),
            ('/', '/') => (TokenKind.DoubleSlash, 2),
            ('[', _) => (TokenKind.LeftBracket, 1),
            (']', _) => (TokenKind.RightBracket, 1),
            ('(', _) => (TokenKind.LeftParen, 1),
            (')', _) => (TokenKind.RightParen, 1),
            ('{', _) => (TokenKind.LeftBrace, 1),
            ('}', _) => (TokenKind.RightBrace, 1),
            ('.', _) => (TokenKind.Dot, 1),
            (',', _) => (TokenKind.Comma, 1),
            (':', _) => (TokenKind.Colon, 1),
            ('@', _) => (TokenKind.Current, 1),
            ('$', _) => (TokenKind.Root, 1),
            ('&', _) => (TokenKind.Ampersand, 1),
            ('|', _) => (TokenKind.Pipe, 1),
            ('!', _) => (TokenKind.Not, 1),
            ('=', _) => (TokenKind.Assign, 1),
            ('<', _) => (TokenKind.Less, 1),
            ('>', _) => (TokenKind.Greater, 1),
            ('*' or '\u00D7', _) => (TokenKind.Star, 1),
            ('/' or '\u00F7', _) => (TokenKind.Slash, 1),
            ('%', _) => (TokenKind.Percent, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('-' or '\u2212', _) => (TokenKind.Minus, 1),
            _ => throw new CompileException(ExpressionErrorCode.Syntax, $"Unexpected character U+{(int)text[at]:X4}.", at),
        };
        return (new Token(kind, at, text.Substring(at, length)), at + length);
    }
}
