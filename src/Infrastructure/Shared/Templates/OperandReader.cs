using System.Globalization;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Shared.Templates;

/// <summary>The words of one tag to what they mean.</summary>
sealed class OperandReader(IReadOnlyList<Word> words, int start, TemplateScope scope)
{
    int at;
    int nesting;

    /// <summary><c>{{…}}</c>: one value, or a helper with its arguments.</summary>
    public Operand Value()
    {
        var operand = words is [{ Kind: WordKind.Name }, _, ..] ? Call() : Argument();
        return at == words.Count ? operand : throw TemplateRefusedException.Syntax("More follows than the tag takes.", words[at].Position);
    }

    /// <summary><c>#each items as |item index|</c> to its name, its operand and the context that its body runs in (none for if and unless).</summary>
    public (string Name, Operand Operand, ContextFrame? Context) BlockOpening()
    {
        if (words is not [{ Kind: WordKind.Name, Text: var name }, ..] || name is not ("if" or "unless" or "each" or "with"))
        {
            throw new TemplateRefusedException(ExpressionErrorCode.UnknownFunction, "A block is one of #if, #unless, #each and #with.", start);
        }

        at = 1;
        if (at == words.Count)
        {
            throw new TemplateRefusedException(ExpressionErrorCode.InvalidArity, $"#{name} takes one value.", start);
        }

        var operand = Argument();
        string[] parameters = name is "each" or "with" ? Parameters(name == "each" ? 2 : 1) : [];
        if (at < words.Count)
        {
            throw new TemplateRefusedException(ExpressionErrorCode.InvalidArity, $"#{name} takes one value.", words[at].Position);
        }

        return (name, operand, name is "if" or "unless" ? null : new ContextFrame(
            IsRoot: name == "with" && scope.IsRoot(operand), IsLoop: name == "each", parameters.ElementAtOrDefault(0), parameters.ElementAtOrDefault(1)));
    }

    string[] Parameters(int most)
    {
        if (at == words.Count || words[at] is not { Kind: WordKind.Name, Text: "as" })
        {
            return [];
        }

        var position = words[at].Position;
        Word[] rest = [.. words.Skip(at + 1)];
        at = words.Count;
        return rest is [{ Kind: WordKind.Bar }, .. var names, { Kind: WordKind.Bar }]
            && names.Length >= 1 && names.Length <= most && names.All(n => n.Kind == WordKind.Name)
            ? [.. names.Select(n => n.Text)]
            : throw TemplateRefusedException.Syntax(most == 1 ? "Expected as |name|." : "Expected as |item| or as |item index|.", position);
    }

    Operand Call()
    {
        var helper = words[at++];
        var arguments = new List<Operand>();
        while (at < words.Count && words[at].Kind is WordKind.Name or WordKind.Text or WordKind.LeftParen)
        {
            arguments.Add(Argument());
        }

        switch (helper.Text, arguments)
        {
            case ("lookup", [var source, var key]):
                if (scope.IsRoot(source) && key is LiteralOperand { Datum.Kind: DatumKind.String } name)
                {
                    scope.Reads(name.Datum.GetString());
                }

                return new LookupOperand(source, key);
            case ("escape", [var inner]):
                return new EscapeOperand(inner);
            case ("lookup" or "escape", _):
                throw new TemplateRefusedException(ExpressionErrorCode.InvalidArity, $"{helper.Text} takes {(helper.Text == "lookup" ? "two values" : "one value")}.", helper.Position);
            default:
                throw new TemplateRefusedException(ExpressionErrorCode.UnknownFunction, $"There is no helper {helper.Text}; a template knows lookup and escape.", helper.Position);
        }
    }

    Operand Argument()
    {
        if (at == words.Count)
        {
            throw TemplateRefusedException.Syntax("The tag is empty.", start);
        }

        var word = words[at];
        if (word.Kind != WordKind.LeftParen)
        {
            at++;
            return word.Kind switch
            {
                WordKind.Text => new LiteralOperand(Datum.From(word.Text)),
                WordKind.Name => Named(word),
                _ => throw TemplateRefusedException.Syntax($"Unexpected '{word.Text}' in a tag.", word.Position),
            };
        }

        if (++nesting > HandlebarsTemplates.Nesting)
        {
            throw new TemplateRefusedException(ExpressionErrorCode.Limit, $"Brackets are nested more than {HandlebarsTemplates.Nesting} deep.", word.Position);
        }

        at++;
        if (at == words.Count || words[at].Kind != WordKind.Name)
        {
            throw TemplateRefusedException.Syntax("A bracket begins with a helper's name.", word.Position);
        }

        var inner = Call();
        nesting--;
        return at < words.Count && words[at++].Kind == WordKind.RightParen ? inner : throw TemplateRefusedException.Syntax("The ( is not closed.", word.Position);
    }

    Operand Named(Word word) => word.Text switch
    {
        "true" => new LiteralOperand(Datum.True),
        "false" => new LiteralOperand(Datum.False),
        "null" or "undefined" => new LiteralOperand(Datum.Null),
        _ when word.Text[0] == '@' => AtName(word),
        _ when double.TryParse(word.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            => new LiteralOperand(Datum.From(number)),
        _ => PathOf(word),
    };

    Operand AtName(Word word)
    {
        var (up, isExplicit, names) = TemplatePath.Read(word.Text[1..], word.Position + 1);
        return names switch
        {
            ["root", .. var rest] when up == 0 => scope.FromRoot(rest),
            ["index" or "key" or "first" or "last"] when up > 0 || !isExplicit => scope.Loop(names[0], up, word.Position),
            _ => throw TemplateRefusedException.Syntax($"{word.Text} is unknown; there are @root, @index, @key, @first and @last.", word.Position),
        };
    }

    Operand PathOf(Word word)
    {
        var (up, isExplicit, names) = TemplatePath.Read(word.Text, word.Position);
        return (isExplicit ? null : scope.Parameter(names)) as Operand ?? scope.Path(up, names, word.Position);
    }
}
