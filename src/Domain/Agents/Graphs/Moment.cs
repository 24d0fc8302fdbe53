using System.Globalization;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>A moment as a graph writes it: RFC 3339, always with its offset, so that it never depends on a machine's time zone.</summary>
static class Moment
{
    static readonly string[] Forms =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd' 'HH:mm:ssK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK"];

    public static bool TryParse(string text, out DateTimeOffset moment)
    {
        moment = default;
        // Without an offset the parser would assume one.
        return (text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-'))
            && DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment);
    }
}
