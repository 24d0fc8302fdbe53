namespace AgentPlatform.Infrastructure.Shared.Templates;

enum TagKind
{
    Value,
    Open,
    Else,
    Close,
    Comment,
}

enum WordKind
{
    /// <summary>A path, a helper's name, a number, true, false, null.</summary>
    Name,
    Text,
    LeftParen,
    RightParen,
    Bar,
}

readonly record struct Word(WordKind Kind, string Text, int Position);

/// <summary>One <c>{{…}}</c>.</summary>
/// <param name="Start">Offset of its first brace.</param>
/// <param name="From">Where the text before it ends: earlier than <paramref name="Start"/> when <c>~</c> or a line of its own takes whitespace away.</param>
/// <param name="To">Where the text after it begins.</param>
sealed record Tag(TagKind Kind, int Start, int From, int To, IReadOnlyList<Word> Words);

/// <summary>A stretch of plain text, or a tag.</summary>
readonly record struct TemplatePiece(Tag? Tag, int From, int To);
