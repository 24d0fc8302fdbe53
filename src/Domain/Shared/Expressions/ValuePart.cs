using System.Text.Json;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>A node of a <see cref="ValueTemplate"/>.</summary>
abstract record ValuePart
{
    public virtual bool ReadsWholeScope => false;

    public virtual IEnumerable<(string Pointer, string RootField)> References => [];

    public abstract Datum Evaluate(ref Evaluation run);

    /// <summary>Writes the part's value.</summary>
    /// <param name="start">Bytes that the writer held when the whole template began.</param>
    public virtual void Write(Utf8JsonWriter writer, ref Evaluation run, long start)
    {
        // The size is checked before each value is written: many small expressions may each give back a large part of the scope.
        var value = Evaluate(ref run);
        Evaluation.CheckSize(writer.BytesCommitted + writer.BytesPending - start + value.Weight);
        run.ChargeText(value.Weight);
        value.WriteTo(writer);
    }

    /// <summary>The failure with its place in the document in front, for whoever wrote the document.</summary>
    protected static ExpressionException At(string pointer, ExpressionException failed) =>
        new(failed.Error with { Message = $"{(pointer.Length == 0 ? "" : pointer + ": ")}{failed.Error.Message}" }, failed);
}

/// <summary>A part that is known without a run.</summary>
/// <param name="IsChanged">The value is not the source's own text, so the source around it cannot be taken over as it is.</param>
sealed record LiteralPart(Datum Value, bool IsChanged = false) : ValuePart
{
    public override Datum Evaluate(ref Evaluation run) => Value;
}

sealed record ExpressionPart(Expression Expression, string Pointer) : ValuePart
{
    public override bool ReadsWholeScope => Expression.ReadsWholeScope;

    public override IEnumerable<(string Pointer, string RootField)> References => Expression.RootFields.Select(f => (Pointer, f));

    public override Datum Evaluate(ref Evaluation run)
    {
        try
        {
            return Datums.Settled(Expression.Evaluate(ref run), ref run);
        }
        catch (ExpressionException failed)
        {
            throw At(Pointer, new ExpressionException(InString(failed.Error), failed.InnerException));
        }
    }

    /// <summary>The position within the whole string, whose first character is the <c>=</c>.</summary>
    public static ExpressionError InString(ExpressionError error) => error.Position < 0 ? error : error with { Position = error.Position + 1 };
}

sealed record TemplatePart(ITemplate Template, string Pointer) : ValuePart
{
    public override IEnumerable<(string Pointer, string RootField)> References => Template.RootFields.Select(f => (Pointer, f));

    public override Datum Evaluate(ref Evaluation run)
    {
        try
        {
            var text = Template.Render(run.Root);
            run.ChargeText(text.Length);
            return Datum.From(text);
        }
        catch (ExpressionException failed)
        {
            throw At(Pointer, failed);
        }
    }
}

sealed record ArrayPart(ValuePart[] Items) : ValuePart
{
    public override bool ReadsWholeScope => Items.Any(i => i.ReadsWholeScope);

    public override IEnumerable<(string Pointer, string RootField)> References => Items.SelectMany(i => i.References);

    public override Datum Evaluate(ref Evaluation run)
    {
        var made = new DatumListBuilder();
        foreach (var item in Items)
        {
            made.Add(item.Evaluate(ref run), ref run);
        }

        return made.ToDatum(ref run);
    }

    public override void Write(Utf8JsonWriter writer, ref Evaluation run, long start)
    {
        writer.WriteStartArray();
        foreach (var item in Items)
        {
            item.Write(writer, ref run, start);
        }

        writer.WriteEndArray();
    }
}

sealed record ObjectPart(KeyValuePair<string, ValuePart>[] Members) : ValuePart
{
    public override bool ReadsWholeScope => Members.Any(m => m.Value.ReadsWholeScope);

    public override IEnumerable<(string Pointer, string RootField)> References => Members.SelectMany(m => m.Value.References);

    public override Datum Evaluate(ref Evaluation run)
    {
        var made = new KeyValuePair<string, Datum>[Members.Length];
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = new KeyValuePair<string, Datum>(Members[i].Key, Members[i].Value.Evaluate(ref run));
        }

        return Datums.ToDatum(made, ref run);
    }

    public override void Write(Utf8JsonWriter writer, ref Evaluation run, long start)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in Members)
        {
            writer.WritePropertyName(name);
            value.Write(writer, ref run, start);
        }

        writer.WriteEndObject();
    }
}
