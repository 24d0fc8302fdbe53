using System.Text;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Shared.Templates;

/// <summary>Something in a tag that has a value.</summary>
abstract record Operand
{
    public abstract Datum Value(TemplateRun run);
}

sealed record LiteralOperand(Datum Datum) : Operand
{
    public override Datum Value(TemplateRun run) => Datum;
}

/// <summary>A path from a context: <paramref name="Level"/> counts contexts from the root, so it is known when the template is compiled.</summary>
sealed record PathOperand(int Level, string[] Names) : Operand
{
    public override Datum Value(TemplateRun run) => run.Walk(run.ContextAt(Level), Names);
}

/// <summary><c>@index</c>, <c>@key</c>, <c>@first</c>, <c>@last</c> of the loop at that level.</summary>
sealed record LoopOperand(int Level, string Name) : Operand
{
    public override Datum Value(TemplateRun run) => run.LoopValue(Level, Name);
}

/// <summary>A name from <c>as |item index|</c>: the loop's value, or its index or key.</summary>
sealed record BlockParameterOperand(int Level, bool IsPosition, string[] Names) : Operand
{
    public override Datum Value(TemplateRun run) =>
        run.Walk(IsPosition ? run.PositionAt(Level) : run.ContextAt(Level), Names);
}

/// <summary><c>lookup object name</c>: a name or an index that is itself a value.</summary>
sealed record LookupOperand(Operand Source, Operand Key) : Operand
{
    public override Datum Value(TemplateRun run)
    {
        var (source, key) = (Source.Value(run), Key.Value(run));
        return key.Kind is DatumKind.String or DatumKind.Number ? run.Walk(source, [TemplateRun.Print(key)]) : default;
    }
}

/// <summary><c>escape value</c>: its text with the characters that mean something in HTML as entities.</summary>
sealed record EscapeOperand(Operand Inner) : Operand
{
    public override Datum Value(TemplateRun run)
    {
        var text = TemplateRun.Print(run.Weighed(Inner.Value(run)));
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = Entity(c) is { } entity ? escaped.Append(entity) : escaped.Append(c);
        }

        return Datum.From(escaped.ToString());
    }

    // Handlebars' list, and no more: WebUtility.HtmlEncode would also turn every accented letter into a number.
    static string? Entity(char c) => c switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#x27;",
        '`' => "&#x60;",
        '=' => "&#x3D;",
        _ => null,
    };
}
