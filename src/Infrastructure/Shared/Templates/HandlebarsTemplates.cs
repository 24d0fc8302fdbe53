using System.Diagnostics.CodeAnalysis;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Shared.Templates;

/// <summary>Handlebars templates by an interpreter that always ends and reaches nothing but its data. Why not Handlebars.Net: docs/adr/0001.
/// <para>Read: paths (<c>a.b</c>, <c>a.[0]</c>, <c>this</c>, <c>../a</c>, <c>@root @index @key @first @last</c>), <c>#if #unless #each #with</c>
/// with <c>else</c>, <c>else if</c> and <c>as |item index|</c>, <c>lookup</c>, <c>escape</c> (HTML), comments, <c>~</c>, <c>\{{</c>, <c>{{{ }}}</c>.
/// Refused with a sentence: partials, decorators, options (<c>a=b</c>), other helpers. Values are never escaped unless <c>escape</c> asks for it.</para></summary>
public sealed class HandlebarsTemplates : ITemplateCompiler
{
    /// <summary>UTF-16 characters of a template.</summary>
    public const int TextLength = 64 * 1024;

    /// <summary>Blocks, and brackets of helpers, inside each other.</summary>
    public const int Nesting = 64;

    /// <summary>UTF-8 bytes of what a template renders.</summary>
    public const int OutputSize = 1024 * 1024;

    /// <summary>Nodes rendered, elements visited and names looked up in one rendering: nested loops over nothing end here.</summary>
    public const int Steps = 1_000_000;

    public bool TryCompile(string text, [NotNullWhen(true)] out ITemplate? template, [NotNullWhen(false)] out ExpressionError? error)
    {
        (template, error) = (null, null);
        if (text.Length > TextLength)
        {
            error = new ExpressionError(ExpressionErrorCode.Limit, $"The template has {text.Length} characters; at most {TextLength} are read.", TextLength);
            return false;
        }

        if (CodePoints.LoneSurrogate(text) is var lone and >= 0)
        {
            error = new ExpressionError(ExpressionErrorCode.Syntax, "The text is not valid Unicode here (a surrogate stands alone).", lone);
            return false;
        }

        try
        {
            var parser = new TemplateParser(text, TagReader.Read(text));
            template = new Template(text, parser.Parse(), parser.RootFields);
            return true;
        }
        catch (TemplateRefusedException refused)
        {
            error = refused.Error;
            return false;
        }
    }

    sealed class Template(string text, TemplateNode[] nodes, IReadOnlySet<string> rootFields) : ITemplate
    {
        public string Text => text;

        public IReadOnlySet<string> RootFields => rootFields;

        public string Render(Datum root)
        {
            var run = new TemplateRun(root);
            run.Render(nodes);
            return run.Output;
        }
    }
}

/// <summary>Carries a refusal out of the reader and the parser; never leaves <see cref="HandlebarsTemplates.TryCompile"/>.</summary>
sealed class TemplateRefusedException(string code, string message, int position) : Exception(message)
{
    public ExpressionError Error { get; } = new(code, message, position);

    public static TemplateRefusedException Syntax(string message, int position) => new(ExpressionErrorCode.Syntax, message, position);
}
