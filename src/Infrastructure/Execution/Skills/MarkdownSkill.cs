using System.Text.RegularExpressions;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>
/// <c>markdown</c>: to HTML that may be shown to anybody, or to plain text. HTML inside the Markdown is shown as text, and links lead only to the
/// web, to mail and to telephones: whoever wrote the Markdown must not be able to run a script where it is read.
/// </summary>
sealed partial class MarkdownSkill : IPureSkill
{
    const int MaxLength = 1024 * 1024;

    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseTaskLists().UseEmphasisExtras().UseAutoLinks().UseFootnotes().DisableHtml().Build();

    public string Handles => "builtin/markdown";

    public SkillOutcome Run(SkillCall call)
    {
        if (call.With.Text("text") is not { Length: <= MaxLength } text)
        {
            return Arguments.Refused($"markdown takes a text of at most {MaxLength} characters.");
        }

        return call.With.Text("to") switch
        {
            null or "html" => Made("html", Html(text)),
            "text" => Made("text", Markdown.ToPlainText(text, Pipeline)),
            _ => Arguments.Refused("markdown makes html or text."),
        };
    }

    static Datum Made(string name, string value) => Datum.FromObject(new Dictionary<string, Datum> { [name] = Datum.From(value) });

    static string Html(string text)
    {
        var document = Markdown.Parse(text, Pipeline);
        foreach (var link in document.Descendants<LinkInline>())
        {
            link.Url = Harmless(link.Url);
        }

        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !link.IsEmail))
        {
            link.Url = Harmless(link.Url) ?? "";
        }

        return document.ToHtml(Pipeline);
    }

    // Browsers leave out white space and control characters within a scheme.
    static string? Harmless(string? url) =>
        url is null || Scheme().Match(string.Concat(url.Where(c => c > ' '))) is not { Success: true } match || match.Groups["scheme"].Value.ToLowerInvariant() is "http" or "https" or "mailto" or "tel"
            ? url
            : "";

    [GeneratedRegex("^(?<scheme>[^/?#:]*):", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Scheme();
}
