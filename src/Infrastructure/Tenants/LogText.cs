using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace AgentPlatform.Infrastructure.Tenants;

/// <summary>Text from callers on its way into a log: one entry stays one line, whatever a header holds.</summary>
static class LogText
{
    /// <summary>Writes what could end a line, move a terminal's cursor, turn the reading direction or not be stored as its <c>\uXXXX</c>, and cuts at <paramref name="max"/>.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? OneLine(string? text, int max)
    {
        if (text is null)
        {
            return null;
        }

        var line = new StringBuilder(Math.Min(text.Length, max));
        for (var i = 0; i < text.Length && line.Length < max; i++)
        {
            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair && line.Length + 2 <= max)
            {
                line.Append(text, i++, 2);
            }
            else if (isPair || IsUnsafe(text[i]))
            {
                if (line.Length + 6 > max)
                {
                    break;
                }

                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
            else
            {
                line.Append(text[i]);
            }
        }

        return line.ToString();
    }

    static bool IsUnsafe(char character) => char.GetUnicodeCategory(character) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
