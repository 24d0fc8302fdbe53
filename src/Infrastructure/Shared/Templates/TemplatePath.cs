namespace AgentPlatform.Infrastructure.Shared.Templates;

static class TemplatePath
{
    /// <summary><c>../../a.b</c>, <c>this.a</c>, <c>a.[any name].0</c> to its steps up, whether it names its context, and its names.</summary>
    public static (int Up, bool IsExplicit, string[] Names) Read(string path, int position)
    {
        var names = new List<string>();
        var (up, isExplicit, at) = (0, false, 0);
        while (true)
        {
            var (segment, isPlain) = Segment(path, ref at, position);
            if (isPlain && segment == "..")
            {
                up++;
                isExplicit = names.Count == 0 ? true : throw TemplateRefusedException.Syntax("../ stands only at the beginning of a path.", position);
            }
            else if (isPlain && segment is "." or "this" && names.Count == 0)
            {
                isExplicit = true;
            }
            else if (segment.Length > 0)
            {
                names.Add(segment);
            }
            else
            {
                throw TemplateRefusedException.Syntax($"'{path}' is no path.", position);
            }

            if (at == path.Length)
            {
                return (up, isExplicit, [.. names]);
            }

            at++;
        }
    }

    /// <summary>Up to the next separator, where <paramref name="at"/> is left.</summary>
    static (string Segment, bool IsPlain) Segment(string path, ref int at, int position)
    {
        var start = at;
        if (at < path.Length && path[at] == '[')
        {
            at = path.IndexOf(']', at) + 1;
            return at > start && (at == path.Length || path[at] is '.' or '/')
                ? (path[(start + 1)..(at - 1)], false)
                : throw TemplateRefusedException.Syntax($"'{path}' is no path.", position);
        }

        if (path.AsSpan(at) is ['.', '.', '/', ..] or ['.', '.'])
        {
            at += 2;
            return ("..", true);
        }

        if (path.AsSpan(at) is ['.', '/', ..] or ['.'])
        {
            at++;
            return (".", true);
        }

        while (at < path.Length && path[at] is not ('.' or '/'))
        {
            if (path[at] is '[' or ']' or '@')
            {
                throw TemplateRefusedException.Syntax($"'{path}' is no path.", position);
            }

            at++;
        }

        return (path[start..at], true);
    }
}
