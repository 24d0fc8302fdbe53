namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>Text counted in Unicode code points, as the specification counts it, not in UTF-16 units.</summary>
static class CodePoints
{
    public static int Count(string text)
    {
        var count = text.Length;
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDBFF'); i >= 0 && i < text.Length; i++)
        {
            if (IsPair(text, i))
            {
                count--;
                i++;
            }
        }

        return count;
    }

    /// <summary>The UTF-16 index of the code point <paramref name="index"/>, or the length when the text has fewer.</summary>
    public static int ToUnits(string text, int index)
    {
        var at = 0;
        while (index-- > 0 && at < text.Length)
        {
            at += SizeAt(text, at);
        }

        return at;
    }

    /// <summary>UTF-16 units of the code point at <paramref name="index"/>: 1 or 2.</summary>
    public static int SizeAt(string text, int index) => IsPair(text, index) ? 2 : 1;

    public static string Reverse(string text) => string.Create(text.Length, text, static (reversed, text) =>
    {
        for (var i = 0; i < text.Length;)
        {
            var size = SizeAt(text, i);
            text.AsSpan(i, size).CopyTo(reversed[(text.Length - i - size)..]);
            i += size;
        }
    });

    /// <summary>The index of the first UTF-16 unit that is half a character, or -1.</summary>
    public static int LoneSurrogate(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (IsPair(text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    static bool IsPair(string text, int i) => char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
}
