using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Agents;

namespace AgentPlatform.Integration.Execution.Code;

/// <summary>One attempt to break out of the sandbox, or to break it, and what must come of it. They are in the files of Corpus.</summary>
/// <param name="Expected"><c>ok {json}</c>; <c>error {code|code} {text in it}</c>; or <c>any</c>, where only what is true of all of them is asserted.</param>
public sealed partial record CorpusCase(string Language, string Name, CodeLimits Limits, string Expected, string Code)
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
            match.Groups["code"].Value))];
    }

    public override string ToString() => $"{Language}: {Name}";

    static TimeSpan Milliseconds(string text, int otherwise) =>
        TimeSpan.FromMilliseconds(text.Length > 0 ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise);

    [GeneratedRegex(@"^=== (?<name>[^\n\[]+?)( \[(cpu=(?<cpu>\d+))?(timeout=(?<timeout>\d+))?\])? => (?<expected>[^\n]+)\n(?<code>.*?)(?=^===|\z)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Case();
}
