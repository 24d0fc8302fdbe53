using System.Globalization;
using System.Text;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Shared.Templates;

/// <summary>What <c>this</c> is, and where the loop around it stands. <paramref name="Index"/> is -1 outside loops.</summary>
readonly record struct TemplateContext(Datum Value, int Index = -1, string? Key = null, bool IsLast = false);

/// <summary>One rendering: output, contexts, and what is left of the limits.</summary>
sealed class TemplateRun
{
    // A value is turned into JSON before its size is exact; one far past the limit is not even begun.
    const int WorthPrinting = 4 * HandlebarsTemplates.OutputSize;

    readonly StringBuilder output = new();
    readonly List<TemplateContext> contexts = [];
    int bytes;
    int steps;

    public TemplateRun(in Datum root) => contexts.Add(new TemplateContext(root));

    public string Output => output.ToString();

    public void Render(TemplateNode[] nodes)
    {
        foreach (var node in nodes)
        {
            Step(1);
            node.Render(this);
        }
    }

    public void Step(long count)
    {
        steps = (int)Math.Min(steps + count, int.MaxValue);
        if (steps > HandlebarsTemplates.Steps)
        {
            throw new ExpressionException(ExpressionErrorCode.Limit, "The template does more work on this data than one rendering may.");
        }
    }

    /// <summary>Adds to the output. What is added is text and only text: nothing reads it as a template again.</summary>
    public void Write(string text)
    {
        bytes += text.Length > HandlebarsTemplates.OutputSize ? text.Length : Encoding.UTF8.GetByteCount(text);
        if (bytes > HandlebarsTemplates.OutputSize)
        {
            throw TooLong();
        }

        output.Append(text);
    }

    public void Enter(in TemplateContext context) => contexts.Add(context);

    public void Leave() => contexts.RemoveAt(contexts.Count - 1);

    public Datum ContextAt(int level) => contexts[level].Value;

    public Datum PositionAt(int level) => contexts[level].Key is { } key ? Datum.From(key) : LoopValue(level, "index");

    public Datum LoopValue(int level, string name)
    {
        var context = contexts[level];
        return context.Index < 0 ? default : name switch
        {
            "index" => Datum.From((long)context.Index),
            "first" => Datum.From(context.Index == 0),
            "last" => Datum.From(context.IsLast),
            _ => context.Key is null ? Datum.From((long)context.Index) : Datum.From(context.Key),
        };
    }

    /// <summary>Members by name, elements by number; whatever is not there is null.</summary>
    public Datum Walk(Datum value, string[] names)
    {
        foreach (var name in names)
        {
            Step(1 + ((value.Kind == DatumKind.Array ? value.Length : value.MembersToScan) >> 3));
            value = value.Kind switch
            {
                DatumKind.Object => value.TryGetProperty(name, out var member) ? member : default,
                DatumKind.Array when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) => value.ItemAt(index),
                DatumKind.Array when name == "length" => Datum.From((long)value.Length),
                _ => default,
            };
        }

        return value;
    }

    /// <summary>The value, paid for by its size, or refused when it cannot fit into the output anyway.</summary>
    public Datum Weighed(in Datum value)
    {
        var weight = value.Weight;
        Step(weight >> 4);
        return weight <= WorthPrinting ? value : throw TooLong();
    }

    /// <summary>Strings as they are, null as nothing, everything else as compact JSON.</summary>
    public static string Print(in Datum value) => value.Kind switch
    {
        DatumKind.Null => "",
        DatumKind.String => value.GetString(),
        _ => value.ToJson(),
    };

    static ExpressionException TooLong() =>
        new(ExpressionErrorCode.Limit, $"The template's output is longer than {HandlebarsTemplates.OutputSize} bytes.");
}
