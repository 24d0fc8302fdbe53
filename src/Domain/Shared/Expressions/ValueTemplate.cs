using System.Text.Json;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>A compiled <c>with</c>, <c>input</c> or <c>output</c> mapping. Of its strings, those that start with <c>=</c> are
/// expressions, those with <c>{{</c> templates, <c>==…</c> is the literal <c>=…</c>; everything else is itself.</summary>
public sealed class ValueTemplate
{
    readonly ValuePart root;

    ValueTemplate(ValuePart root) => this.root = root;

    /// <summary>A value that is known already. Whatever text it holds is itself: nothing in it is an expression.</summary>
    public static ValueTemplate Literal(Datum value) => new(new LiteralPart(value));

    /// <summary>What one expression gives.</summary>
    public static ValueTemplate Of(Expression expression) => new(new ExpressionPart(expression, ""));

    /// <summary>The names of the scope that are read, each with the JSON pointer of the string that reads it.</summary>
    public IEnumerable<(string Pointer, string RootField)> References => root.References;

    /// <summary>No expression and no template inside: the value is known without a run.</summary>
    public bool IsLiteral => root is LiteralPart;

    /// <summary>An expression inside takes the scope itself, so that any name may be read.</summary>
    public bool ReadsWholeScope => root.ReadsWholeScope;

    /// <summary>Compiles everything and reports every error with its pointer; a part that did not compile stands for null.</summary>
    /// <param name="pointer">JSON pointer of <paramref name="source"/> in its document, "" for a document of its own.</param>
    public static ValueTemplate Compile(JsonElement source, string pointer, ITemplateCompiler templates, Action<string, ExpressionError> report) =>
        new(new Compiler(templates, report).Part(source.ValueKind == JsonValueKind.Undefined ? source : source.Clone(), pointer));

    /// <summary>Writes the value over <paramref name="root"/>, the scope.</summary>
    /// <exception cref="ExpressionException">An expression or a template failed; the message begins with its pointer. What was written is then incomplete.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public void WriteTo(Utf8JsonWriter writer, Datum root, CancellationToken ct = default)
    {
        var run = new Evaluation(root, ct);
        this.root.Write(writer, ref run, writer.BytesCommitted + writer.BytesPending);
    }

    /// <summary>The value over <paramref name="root"/>, the scope, with the errors of <see cref="WriteTo"/>.</summary>
    public Datum Evaluate(Datum root, CancellationToken ct = default)
    {
        var run = new Evaluation(root, ct);
        return this.root.Evaluate(ref run);
    }

    sealed class Compiler(ITemplateCompiler templates, Action<string, ExpressionError> report)
    {
        static readonly LiteralPart Failed = new(Datum.Null, IsChanged: true);

        public ValuePart Part(JsonElement source, string pointer)
        {
            try
            {
                return Read(source, pointer);
            }
            catch (ExpressionException unreadable)
            {
                report(pointer, unreadable.Error);
                return Failed;
            }
        }

        ValuePart Read(JsonElement source, string pointer)
        {
            switch (source.ValueKind)
            {
                case JsonValueKind.String:
                    return Text(source, pointer);
                case JsonValueKind.Array:
                    ValuePart[] items = [.. source.EnumerateArray().Select((item, i) => Part(item, $"{pointer}/{i}"))];
                    return Folded(items, source) ?? new ArrayPart(items) as ValuePart;
                case JsonValueKind.Object:
                    var members = new OrderedDictionary<string, ValuePart>();
                    foreach (var property in source.EnumerateObject())
                    {
                        var name = JsonText.Name(property);
                        members[name] = Part(property.Value, $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}");
                    }

                    return Folded(members.Values, source) ?? new ObjectPart([.. members]) as ValuePart;
                default:
                    return new LiteralPart(Datum.From(source));
            }
        }

        /// <summary>A container of literals is a literal: the source itself, unless a <c>==</c> inside reads differently.</summary>
        static LiteralPart? Folded(ICollection<ValuePart> parts, JsonElement source)
        {
            if (!parts.All(p => p is LiteralPart))
            {
                return null;
            }

            if (!parts.Any(p => p is LiteralPart { IsChanged: true }))
            {
                return new LiteralPart(Datum.From(source));
            }

            Datum[] values = [.. parts.Select(p => ((LiteralPart)p).Value)];
            return new LiteralPart(
                source.ValueKind == JsonValueKind.Array
                    ? Datum.FromArray(values)
                    : Datum.FromObject(source.EnumerateObject().Select(p => p.Name).Distinct().Zip(values).ToDictionary(p => p.First, p => p.Second)),
                IsChanged: true);
        }

        ValuePart Text(JsonElement source, string pointer)
        {
            var text = JsonText.Read(source);
            if (text.StartsWith("==", StringComparison.Ordinal))
            {
                return new LiteralPart(Datum.From(text[1..]), IsChanged: true);
            }

            ExpressionError? error;
            if (text.StartsWith('='))
            {
                if (Expression.TryCompile(text[1..], out var expression, out error))
                {
                    return new ExpressionPart(expression, pointer);
                }

                error = ExpressionPart.InString(error);
            }
            else if (!text.Contains("{{", StringComparison.Ordinal))
            {
                return new LiteralPart(Datum.From(source));
            }
            else if (templates.TryCompile(text, out var template, out error))
            {
                return new TemplatePart(template, pointer);
            }

            report(pointer, error);
            return Failed;
        }
    }
}
