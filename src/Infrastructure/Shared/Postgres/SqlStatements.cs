namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>
/// Cuts a script into statements at its semicolons, so that each is sent alone and an error's position can be told as a line of the file: the
/// driver cuts too, but does not say which of its pieces failed. Knows strings, quoted names, dollar quotes and comments; a function body
/// in <c>begin atomic … end</c> is not known and has to be dollar-quoted.
/// </summary>
static class SqlStatements
{
    /// <summary>The statements in order.</summary>
    /// <returns>Each statement with the offset at which it starts; those of white space and comments alone are left out.</returns>
    public static IEnumerable<(int Start, string Text)> Split(string script)
    {
        var start = -1;
        for (var i = 0; i < script.Length;)
        {
            if (SkipComment(script, i) is var after && after > i)
            {
                i = after;
            }
            else if (script[i] == ';')
            {
                if (start >= 0)
                {
                    yield return (start, script[start..i]);
                }
                start = -1;
                i++;
            }
            else
            {
                if (start < 0 && !char.IsWhiteSpace(script[i]))
                {
                    start = i;
                }
                i = SkipToken(script, i);
            }
        }
        if (start >= 0)
        {
            yield return (start, script[start..]);
        }
    }

    static int SkipComment(string script, int i)
    {
        if (script.AsSpan(i).StartsWith("--"))
        {
            return EndOf(script, i, "\n");
        }
        if (!script.AsSpan(i).StartsWith("/*"))
        {
            return i;
        }
        // PostgreSQL's block comments nest.
        var depth = 0;
        do
        {
            var here = script.AsSpan(i);
            depth += here.StartsWith("/*") ? 1 : here.StartsWith("*/") ? -1 : 0;
            i += here.StartsWith("/*") || here.StartsWith("*/") ? 2 : 1;
        }
        while (depth > 0 && i < script.Length);
        return i;
    }

    static int SkipToken(string script, int i)
    {
        if (script[i] == '"')
        {
            return EndOf(script, i + 1, "\"");
        }
        if (script[i] == '\'')
        {
            return EndOfString(script, i);
        }
        if (script[i] == '$' && !IsInName(script, i - 1) && Tag(script, i) is { } tag)
        {
            return EndOf(script, i + tag.Length, tag);
        }
        return i + 1;
    }

    /// <summary>A doubled quote needs no care: it ends one string and starts the next.</summary>
    static int EndOfString(string script, int i)
    {
        var escapes = i > 0 && (script[i - 1] is 'e' or 'E') && !IsInName(script, i - 2);
        for (i++; i < script.Length && script[i] != '\''; i++)
        {
            if (escapes && script[i] == '\\')
            {
                i++;
            }
        }
        return i + 1;
    }

    static string? Tag(string script, int i)
    {
        var end = i + 1;
        while (end < script.Length && (char.IsLetterOrDigit(script[end]) || script[end] == '_'))
        {
            end++;
        }
        return end < script.Length && script[end] == '$' && (end == i + 1 || !char.IsDigit(script[i + 1])) ? script[i..(end + 1)] : null;
    }

    static bool IsInName(string script, int i) => i >= 0 && (char.IsLetterOrDigit(script[i]) || script[i] is '_' or '$');

    static int EndOf(string script, int from, string mark) =>
        script.IndexOf(mark, Math.Min(from, script.Length), StringComparison.Ordinal) is var found && found >= 0 ? found + mark.Length : script.Length;
}
