using System.Text;
using System.Text.RegularExpressions;

namespace AgentPlatform.Infrastructure.Shared.Yaml;

/// <summary>
/// Which spelling a string gets. Stricter than YAML 1.2 asks for: what an older (YAML 1.1) reader would take for a boolean, a number, a date or a
/// time is quoted too, so that the file means the same to every tool that a customer points at it.
/// </summary>
static partial class YamlScalars
{
    static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf",
    };

    // Numbers, dates and times of any YAML version are made of these; "10s", "5xx" and "3 items" are not.
    [GeneratedRegex(@"^([-+]?0[xXoObB][0-9a-fA-F_]*|[-+.0-9][-+.:_0-9eEtTzZ ]*)\z", RegexOptions.ExplicitCapture)]
    static partial Regex NumberLike { get; }

    /// <summary>Whether the text can stand without quotes and is read back as this text.</summary>
    public static bool IsPlain(string text)
    {
        if (text.Length == 0 || text[0] == ' ' || text[^1] is ' ' or ':' || !StartsPlain(text) || Words.Contains(text))
            return false;
        if (text.Contains(": ", StringComparison.Ordinal) || text.Contains(" #", StringComparison.Ordinal) || text is "=" or "<<")
            return false;
        if (text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal) || NumberLike.IsMatch(text))
            return false;
        if (CoreSchema.ResolvePlain(text).Kind != CoreKind.Text)
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsPrintable(text[i]) || (text[i] != ' ' && char.IsWhiteSpace(text[i])))
                return false;
            // Legal by the specification, but the parser takes "Q *m: 1" for an alias inside a scalar that goes on in the next line.
            if (i > 0 && text[i - 1] == ' ' && (text[i] is '*' or '&' or '!'))
                return false;
        }
        return HasPairedSurrogates(text);
    }

    /// <summary>Whether a literal block (<c>|</c>) gives back exactly this text.</summary>
    public static bool IsLiteral(string text)
    {
        if (!text.Contains('\n', StringComparison.Ordinal) || text[0] is '\n' or ' ' || text.EndsWith("\n\n", StringComparison.Ordinal) || !HasPairedSurrogates(text))
            return false;
        foreach (var line in text.Split('\n'))
        {
            // A line of blanks only, or one that starts with a tab, is read differently by different parsers.
            if (line.Length > 0 && (line[0] == '\t' || string.IsNullOrWhiteSpace(line)))
                return false;
            foreach (var c in line)
            {
                if (c != '\t' && !IsPrintable(c))
                    return false;
            }
        }
        return true;
    }

    /// <summary>Double quotes and escapes: the spelling that can hold any text on one line.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                quoted.Append(c).Append(text[++i]);
            else
                AppendEscaped(quoted, c);
        }
        return quoted.Append('"').ToString();
    }

    static void AppendEscaped(StringBuilder quoted, char c) => _ = c switch
    {
        '"' => quoted.Append("\\\""),
        '\\' => quoted.Append("\\\\"),
        '\n' => quoted.Append("\\n"),
        '\t' => quoted.Append("\\t"),
        '\r' => quoted.Append("\\r"),
        _ when IsPrintable(c) && !char.IsSurrogate(c) => quoted.Append(c),
        _ => quoted.Append("\\u").Append(((int)c).ToString("X4")),
    };

    static bool StartsPlain(string text) => text[0] switch
    {
        '-' or '?' or ':' => text.Length > 1 && text[1] != ' ',
        ',' or '[' or ']' or '{' or '}' or '#' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' => false,
        _ => true,
    };

    /// <summary>Printable in YAML, and neither a line break of any YAML version nor a byte order mark. Halves of surrogate pairs pass.</summary>
    static bool IsPrintable(char c) =>
        c is >= ' ' and <= '~' or >= '\u00A0' and <= '\uFFFD' and not ('\u2028' or '\u2029' or '\uFEFF');

    static bool HasPairedSurrogates(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }
        return true;
    }
}
