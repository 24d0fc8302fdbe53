namespace AgentPlatform.Domain.Agents;

/// <summary>The name that was probably meant: the nearest one by edits (insert, delete, replace, swap neighbours).</summary>
static class DidYouMean
{
    // Names are short; a long text is no typing error, and the cost grows with the square.
    const int MaxLength = 64;

    // Looking for a name among hundreds costs time, and whoever has this many mistakes reads the first ones.
    const int MaxHints = 100;

    /// <summary>" Did you mean 'x'?", or "" when nothing is near: it is appended to a sentence.</summary>
    /// <param name="reported">How many problems were found before this one.</param>
    public static string Hint(string name, IEnumerable<string> candidates, int reported = 0) =>
        reported < MaxHints && Nearest(name, candidates) is { } near ? $" Did you mean '{near}'?" : "";

    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > MaxLength)
            return null;

        string? nearest = null;
        // A third of the letters may be wrong; of a name of two letters, one.
        var best = Math.Max(1, name.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) >= best || candidate.Length > MaxLength)
                continue;
            var distance = Distance(name, candidate);
            // Ties go to the first in order of the alphabet, so that the answer does not depend on the order of a set.
            if (distance < best || (distance == best && nearest is not null && string.CompareOrdinal(candidate, nearest) < 0))
            {
                best = distance;
                nearest = candidate;
            }
        }

        return nearest;
    }

    static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1], last = new int[b.Length + 1], row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }
}
