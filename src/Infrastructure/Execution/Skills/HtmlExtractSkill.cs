using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AngleSharp.Css.Parser;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>
/// <c>html_extract</c>: texts, HTML or attributes out of a page by CSS selectors. Nothing is loaded and no script runs. A page and a selector may be
/// made to take long, so both are bounded, and it is done apart from the run's own thread, with a time limit.
/// </summary>
sealed class HtmlExtractSkill(TimeProvider time) : IEffectfulSkill
{
    const int MaxHtml = 5 * 1024 * 1024;
    const int MaxFields = 64;
    const int MaxSelector = 1024;
    const int MaxFound = 10_000;

    // Each may multiply the work by the depth or the width of the page.
    const int MaxCombinators = 6;
    const int MaxDepth = 256;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    static readonly HtmlParser Parser = new(new HtmlParserOptions { IsScripting = false, IsNotSupportingFrames = true, MaximumDepth = MaxDepth });

    static readonly CssSelectorParser Selectors = new();

    public string Handles => "builtin/html_extract";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        if (call.With.Text("html") is not { Length: <= MaxHtml } html)
        {
            return Arguments.Refused($"html is a text of at most {MaxHtml} characters.");
        }

        if (call.With.Value("fields") is not { Kind: DatumKind.Object, Length: > 0 and <= MaxFields } fields)
        {
            return Arguments.Refused($"fields names 1 to {MaxFields} things to find.");
        }

        using var timer = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            return await Task.Run(() => Extract(html, fields, both.Token), both.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new SkillError("timeout", $"Reading the page took longer than {Patience.TotalSeconds} s; simplify the selectors.", SkillErrorClass.Limit, Retryable: false);
        }
    }

    static SkillOutcome Extract(string html, Datum fields, CancellationToken ct)
    {
        using var document = Parser.ParseDocument(html);
        var found = new Dictionary<string, Datum>();
        foreach (var (name, field) in fields.EnumerateMembers())
        {
            var (value, refusal) = Find(document, name, field, ct);
            if (refusal is not null)
            {
                return refusal;
            }

            found[name] = value;
        }

        return Datum.FromObject(found);
    }

    static (Datum, SkillError?) Find(IHtmlDocument document, string name, Datum field, CancellationToken ct)
    {
        if (field.Kind is not DatumKind.Object || field.Text("selector") is not { Length: > 0 and <= MaxSelector } text)
        {
            return (default, Arguments.Refused($"{name} needs a selector of at most {MaxSelector} characters."));
        }

        if (Selectors.ParseSelector(text) is not { } selector)
        {
            return (default, Arguments.Refused($"The selector of {name} is no CSS selector."));
        }

        if (IsCostly(text))
        {
            return (default, Arguments.Refused($"The selector of {name} is too complex: at most {MaxCombinators} levels, one ~ and no :has()."));
        }

        var get = field.Text("get") ?? "text";
        var attribute = field.Text("attribute");
        if (get is not ("text" or "html" or "inner_html" or "attribute") || (get == "attribute") != (attribute is not null))
        {
            return (default, Arguments.Refused($"{name} gets text, html, inner_html, or an attribute (and then names it in attribute)."));
        }

        var all = field.Flag("all");
        var values = new List<Datum>();
        foreach (var element in document.All)
        {
            ct.ThrowIfCancellationRequested();
            if (!selector.Match(element, document.DocumentElement))
            {
                continue;
            }

            values.Add(Value(element, get, attribute));
            if (!all)
            {
                break;
            }

            if (values.Count > MaxFound)
            {
                return (default, new SkillError("too_many_matches", $"{name} matches more than {MaxFound} elements.", SkillErrorClass.Limit, Retryable: false));
            }
        }

        return (all ? Datum.FromArray(values) : values.FirstOrDefault(), null);
    }

    static Datum Value(IElement element, string get, string? attribute) => get switch
    {
        "html" => Datum.From(element.OuterHtml),
        "inner_html" => Datum.From(element.InnerHtml),
        "attribute" => Datum.From(element.GetAttribute(attribute!)),
        _ => Datum.From(element.TextContent.Trim()),
    };

    /// <summary>Judged by the text: what stands in quotes may be counted too, which only makes the rule a little stricter.</summary>
    static bool IsCostly(string selector) =>
        selector.Contains(":has", StringComparison.OrdinalIgnoreCase)
        || selector.Count(c => c == '~') > 1 + selector.Split("~=").Length - 1
        || selector.Split(',').Any(one => one.Split([' ', '>', '+', '~'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length > MaxCombinators + 1);
}
