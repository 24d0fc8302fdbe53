using System.Text;

namespace AgentPlatform.Infrastructure.Shared.Templates;

/// <summary>The words between the braces of a tag.</summary>
static class TagWords
{
    // Handlebars' own list of what a name cannot hold, without the signs that paths are made of.
    const string NotInNames = "!\"#%&'()*+,;<=>\\^`{|}~";

    /// <summary>Reads up to the closing braces, where <paramref name="at"/> is left.</summary>
    public static List<Word> Read(string text, ref int at, int start)
    {
        var words = new List<Word>();
        while (at < text.Length)
        {
            var c = text[at];
            if (c is '}' or '~')
            {
                return words;
            }

            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (c is '(' or ')' or '|')
            {
                words.Add(new Word(c == '(' ? WordKind.LeftParen : c == ')' ? WordKind.RightParen : WordKind.Bar, c.ToString(), at++));
            }
            else
            {
                words.Add(c is '"' or '\'' ? Quoted(text, ref at) : Name(text, ref at));
            }
        }

        throw TemplateRefusedException.Syntax("The tag that begins here is not closed.", start);
    }

    static Word Quoted(string text, ref int at)
    {
        var (start, quote) = (at, text[at]);
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == quote)
            {
                at++;
                return new Word(WordKind.Text, value.ToString(), start);
            }

            // Only the quote itself can be escaped.
            at += text[at] == '\\' && at + 1 < text.Length && text[at + 1] == quote ? 1 : 0;
            value.Append(text[at]);
        }

        throw TemplateRefusedException.Syntax("The string that begins here is not closed.", start);
    }

    static Word Name(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && !NotInNames.Contains(text[at]))
        {
            if (text[at] == '[')
            {
                var close = text.IndexOf(']', at);
                at = close >= 0 ? close : throw TemplateRefusedException.Syntax("The [ is not closed.", at);
            }

            at++;
        }

        if (at < text.Length && text[at] == '=')
        {
            throw TemplateRefusedException.Syntax("Options (name=value) are not supported.", start);
        }

        return at > start
            ? new Word(WordKind.Name, text[start..at], start)
            : throw TemplateRefusedException.Syntax($"Unexpected '{text[at]}' in a tag.", at);
    }
}
