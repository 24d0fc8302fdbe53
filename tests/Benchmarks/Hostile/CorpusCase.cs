using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Agents;

namespace AgentPlatform.Benchmarks.Hostile;

/// <summary>One attempt to break out of the sandbox, or to break it, and what must come of it. They are in the files of Corpus.</summary>
/// <param name="Expected"><c>ok {json}</c>; <c>error {code|code} {text in it}</c>; or <c>any</c>, where only what is true of all of them is asserted.</param>
/// <param name="IsAlone">It ends its interpreter, ties it up or changes it: others cannot be tried in the same one.</param>
sealed partial record CorpusCase(string Language, string Name, CodeLimits Limits, string Expected, string Code, bool IsAlone)
{
    public static IReadOnlyList<CorpusCase> Of(string language)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Corpus/{language}.txt")!;
        using var reader = new StreamReader(stream);
        var matches = Case().Matches(reader.ReadToEnd());
        return [.. matches.Select(match => new CorpusCase(
            language,
            match.Groups["name"].Value,
            new CodeLimits(
                Milliseconds(match.Groups["timeout"].Value, 20_000), Milliseconds(match.Groups["cpu"].Value, 3000), MemoryMib: 64, OutputBytes: 256 * 1024),
            match.Groups["expected"].Value,
            match.Groups["code"].Value,
            match.Groups["limits"].Success || match.Groups["name"].Value.Split(':')[0] is "bombs" or "state"))];
    }

    /// <summary>Whether it may end like this.</summary>
    /// <param name="code">Of the error; null when it succeeded.</param>
    /// <param name="result">What it gave, as JSON.</param>
    /// <param name="error">All that the error says.</param>
    public bool Allows(string? code, string result, string error)
    {
        var parts = Expected.Split(' ', 3);
        return parts[0] switch
        {
            "any" => code is not ("sandbox_unavailable" or "sandbox_busy" or "sandbox_lost"),
            "ok" => code is null && (parts.Length == 1 || result == Expected[3..]),
            _ => code is not null && parts[1].Split('|').Contains(code) && (parts.Length < 3 || error.Contains(parts[2], StringComparison.OrdinalIgnoreCase)),
        };
    }

    /// <summary>The code with the places that it looks for.</summary>
    public string Filled(string file, string mark, int port) => Code
        .Replace("{FILE}", file, StringComparison.Ordinal)
        .Replace("{MARK}", mark, StringComparison.Ordinal)
        .Replace("{PORT}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    public override string ToString() => $"{Language}: {Name}";

    static TimeSpan Milliseconds(string text, int otherwise) =>
        TimeSpan.FromMilliseconds(text.Length > 0 ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise);

    [GeneratedRegex(@"^=== (?<name>[^\n\[]+?)(?<limits> \[(cpu=(?<cpu>\d+)|timeout=(?<timeout>\d+)|alone)\])? => (?<expected>[^\n]+)\n(?<code>.*?)(?=^===|\z)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Case();
}
