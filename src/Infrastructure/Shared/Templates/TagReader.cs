namespace AgentPlatform.Infrastructure.Shared.Templates;

/// <summary>Cuts a template into text and tags, and gives the whitespace between them to whom Handlebars gives it.</summary>
static class TagReader
{
    public static List<TemplatePiece> Read(string text)
    {
        var pieces = new List<TemplatePiece>();
        var (from, at) = (0, 0);
        while ((at = text.IndexOf("{{", at, StringComparison.Ordinal)) >= 0)
        {
            // \{{ is text; \\{{ is a backslash and a tag.
            if (at > from && text[at - 1] == '\\')
            {
                var isEscapedBackslash = at - 1 > from && text[at - 2] == '\\';
                pieces.Add(new TemplatePiece(null, from, at - 1));
                if (!isEscapedBackslash)
                {
                    from = at;
                    at += 2;
                    continue;
                }
            }
            else
            {
                pieces.Add(new TemplatePiece(null, from, at));
            }

            var (tag, end) = Tag(text, at);
            pieces.Add(new TemplatePiece(tag, at, end));
            (from, at) = (end, end);
        }

        pieces.Add(new TemplatePiece(null, from, text.Length));
        return pieces;
    }

    static (Tag Tag, int End) Tag(string text, int start)
    {
        var at = start + 2;
        if (At(text, at) == '{' && At(text, at + 1) == '{')
        {
            throw TemplateRefusedException.Syntax("Raw blocks ({{{{ }}}}) are not supported.", start);
        }

        // {{~ and ~}} inside three braces: {{~{ and }~}}.
        var trimsBefore = At(text, at) == '~';
        at += trimsBefore ? 1 : 0;
        var isTriple = At(text, at) == '{';
        at += isTriple ? 1 : 0;
        if (At(text, at) == '!' && !isTriple)
        {
            return Comment(text, start, at, trimsBefore);
        }

        var kind = isTriple ? TagKind.Value : At(text, at) switch
        {
            '#' => TagKind.Open,
            '/' => TagKind.Close,
            '^' => TagKind.Else,
            '>' => throw TemplateRefusedException.Syntax("Partials ({{> name}}) are not supported.", start),
            '*' => throw TemplateRefusedException.Syntax("Decorators ({{* name}}) are not supported.", start),
            _ => TagKind.Value,
        };
        at += kind != TagKind.Value || At(text, at) == '&' && !isTriple ? 1 : 0;

        var words = TagWords.Read(text, ref at, start);
        var close = isTriple ? "}" : "";
        var trimsAfter = At(text, at + close.Length) == '~';
        close += trimsAfter ? "~}}" : "}}";
        if (string.CompareOrdinal(text, at, close, 0, close.Length) != 0)
        {
            throw TemplateRefusedException.Syntax($"The tag that begins here is not closed by {(isTriple ? "}}}" : "}}")}.", start);
        }

        if (kind == TagKind.Value && !isTriple && words is [{ Kind: WordKind.Name, Text: "else" }, ..])
        {
            kind = TagKind.Else;
            words.RemoveAt(0);
        }

        return Placed(text, kind, start, at + close.Length, trimsBefore, trimsAfter, words);
    }

    static (Tag Tag, int End) Comment(string text, int start, int at, bool trimsBefore)
    {
        var ending = At(text, at + 1) == '-' && At(text, at + 2) == '-' ? "--" : "";
        for (var end = text.IndexOf("}}", at, StringComparison.Ordinal); end >= 0; end = text.IndexOf("}}", end + 1, StringComparison.Ordinal))
        {
            var trimsAfter = text[end - 1] == '~';
            var body = text.AsSpan(at + 1, Math.Max(0, end - (trimsAfter ? 1 : 0) - at - 1));
            if (ending.Length == 0 || (body.Length >= 4 && body.EndsWith(ending, StringComparison.Ordinal)))
            {
                return Placed(text, TagKind.Comment, start, end + 2, trimsBefore, trimsAfter, []);
            }
        }

        throw TemplateRefusedException.Syntax("The comment that begins here is not closed.", start);
    }

    static (Tag Tag, int End) Placed(string text, TagKind kind, int start, int end, bool trimsBefore, bool trimsAfter, List<Word> words)
    {
        var (lineStart, lineEnd) = (Back(text, start, IsBlank), Forward(text, end, IsBlank));
        // A block tag or a comment alone on its line takes the line with it.
        var isAlone = kind != TagKind.Value
            && (lineStart == 0 || text[lineStart - 1] == '\n')
            && (lineEnd == text.Length || text[lineEnd] is '\n' or '\r');
        var from = trimsBefore ? Back(text, start, char.IsWhiteSpace) : isAlone ? lineStart : start;
        var to = trimsAfter ? Forward(text, end, char.IsWhiteSpace) : isAlone ? AfterLineBreak(text, lineEnd) : end;
        return (new Tag(kind, start, from, to, words), end);
    }

    static bool IsBlank(char c) => c is ' ' or '\t';

    static int Back(string text, int at, Func<char, bool> skip)
    {
        while (at > 0 && skip(text[at - 1]))
        {
            at--;
        }

        return at;
    }

    static int Forward(string text, int at, Func<char, bool> skip)
    {
        while (at < text.Length && skip(text[at]))
        {
            at++;
        }

        return at;
    }

    static int AfterLineBreak(string text, int at)
    {
        at += At(text, at) == '\r' ? 1 : 0;
        return At(text, at) == '\n' ? at + 1 : at;
    }

    static char At(string text, int at) => at < text.Length ? text[at] : '\0';
}
