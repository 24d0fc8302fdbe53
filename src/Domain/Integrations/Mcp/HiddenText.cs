using System.Globalization;
using System.Text;

namespace AgentPlatform.Domain.Integrations.Mcp;

/// <summary>
/// Characters that a model reads and a person does not see: zero-width and other format characters, bidirectional controls, tags, private use, and controls other
/// than tab and line ends. A tool's description with one of them may say to the model what nobody agreed to.
/// </summary>
public static class HiddenText
{
    /// <summary>The text with every hidden character written out as <c>\u{200B}</c>; null when there is none.</summary>
    public static string? Reveal(string? text)
    {
        if (text is null || !text.EnumerateRunes().Any(IsHidden))
        {
            return null;
        }

        var shown = new StringBuilder(text.Length + 64);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHidden(rune))
            {
                shown.Append(CultureInfo.InvariantCulture, $@"\u{{{rune.Value:X4}}}");
            }
            else
            {
                shown.Append(rune.ToString());
            }
        }

        return shown.ToString();
    }

    static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Control => rune.Value is not ('\t' or '\n' or '\r'),
        // Fillers and variation selectors are letters and marks by their class, and show nothing all the same.
        _ => rune.Value is 0x034F or 0x115F or 0x1160 or 0x3164 or 0xFFA0 or (>= 0xFE00 and <= 0xFE0E) or (>= 0xE0100 and <= 0xE01EF),
    };
}
