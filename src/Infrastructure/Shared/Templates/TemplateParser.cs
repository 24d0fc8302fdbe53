using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Shared.Templates;

/// <summary>Tags to nodes. Contexts are entered by <c>#each</c> and <c>#with</c> only, so their number at every place is known here.</summary>
sealed class TemplateParser
{
    readonly string text;
    readonly List<TemplatePiece> pieces;
    readonly int[] textEnds;
    readonly TemplateScope scope = new();
    int at;
    int textStart;
    int nesting;

    public TemplateParser(string text, List<TemplatePiece> pieces)
    {
        this.text = text;
        this.pieces = pieces;
        textEnds = new int[pieces.Count];
        for (var (i, end) = (pieces.Count - 1, text.Length); i >= 0; i--)
        {
            end = pieces[i].Tag?.From ?? end;
            textEnds[i] = end;
        }
    }

    public IReadOnlySet<string> RootFields => scope.RootFields;

    public TemplateNode[] Parse()
    {
        var nodes = Body();
        return Ahead is not { } tag ? nodes : throw TemplateRefusedException.Syntax(
            tag.Kind == TagKind.Else ? "This else belongs to no block." : "This block is closed, but was not opened.", tag.Start);
    }

    Tag? Ahead => at < pieces.Count ? pieces[at].Tag : null;

    /// <summary>Everything up to an else, a closing tag or the end.</summary>
    TemplateNode[] Body()
    {
        var nodes = new List<TemplateNode>();
        for (; at < pieces.Count; at++)
        {
            var (tag, from, to) = pieces[at];
            if (tag is null)
            {
                var (start, end) = (Math.Max(from, textStart), Math.Min(to, textEnds[at]));
                if (end > start)
                {
                    nodes.Add(new TextNode(text[start..end]));
                }

                continue;
            }

            if (tag.Kind is TagKind.Else or TagKind.Close)
            {
                break;
            }

            textStart = tag.To;
            if (tag.Kind == TagKind.Value)
            {
                nodes.Add(new ValueNode(new OperandReader(tag.Words, tag.Start, scope).Value()));
            }
            else if (tag.Kind == TagKind.Open)
            {
                nodes.Add(Block(tag));
            }
        }

        return [.. nodes];
    }

    /// <summary>From an opening tag to its closing one, where it stops.</summary>
    TemplateNode Block(Tag open)
    {
        at++;
        var node = BlockOf(open);
        var close = Ahead;
        var name = open.Words[0].Text;
        if (close is not { Kind: TagKind.Close })
        {
            throw close is null
                ? TemplateRefusedException.Syntax($"The block #{name} is not closed.", open.Start)
                : TemplateRefusedException.Syntax("A block has one else at most.", close.Start);
        }

        if (close.Words is not [{ Kind: WordKind.Name } closing] || closing.Text != name)
        {
            throw TemplateRefusedException.Syntax($"Expected {{{{/{name}}}}} here.", close.Start);
        }

        textStart = close.To;
        return node;
    }

    /// <summary>A block without its closing tag, which an <c>else if</c> shares with the block around it.</summary>
    TemplateNode BlockOf(Tag open)
    {
        if (++nesting > HandlebarsTemplates.Nesting)
        {
            throw new TemplateRefusedException(ExpressionErrorCode.Limit, $"Blocks are nested more than {HandlebarsTemplates.Nesting} deep.", open.Start);
        }

        var (name, operand, context) = new OperandReader(open.Words, open.Start, scope).BlockOpening();
        if (context is not null)
        {
            scope.Enter(context);
        }

        var body = Body();
        if (context is not null)
        {
            scope.Leave();
        }

        TemplateNode[] otherwise = [];
        if (Ahead is { Kind: TagKind.Else } chain)
        {
            at++;
            textStart = chain.To;
            otherwise = chain.Words.Count == 0 ? Body() : [BlockOf(chain)];
        }

        nesting--;
        return name switch
        {
            "if" => new IfNode(operand, body, otherwise),
            "unless" => new IfNode(operand, otherwise, body),
            "each" => new EachNode(operand, body, otherwise),
            _ => new WithNode(operand, body, otherwise),
        };
    }
}
