using System.Globalization;
using static AgentPlatform.Domain.Shared.Expressions.TokenKind;

namespace AgentPlatform.Domain.Shared.Expressions;

sealed partial class Parser
{
    bool IsWildcard()
    {
        if (Ahead.Kind != Star || tokens[at + 1].Kind != RightBracket)
        {
            return false;
        }

        at += 2;
        return true;
    }

    // [-1] is an index, [-a] a list of one negated field.
    bool IsIndex() => Ahead.Kind != Minus || tokens[at + 1].Kind == Integer;

    /// <summary>What is applied to each element of a projection: everything up to the first token that ends it.</summary>
    Node Projected(int power)
    {
        var ahead = Ahead.Kind;
        if (PowerOf(ahead) < ProjectionStop)
        {
            return CurrentNode.Implicit;
        }

        Enter();
        Node node;
        if (ahead is LeftBracket or Filter)
        {
            node = Expression(power);
        }
        else
        {
            Expect(Dot, "'.' or '['");
            node = AfterDot(power);
        }

        nesting--;
        return node;
    }

    /// <summary>The right side of a dot, of which the grammar allows five forms, and whatever binds to it.</summary>
    Node AfterDot(int power)
    {
        var token = Ahead;
        switch (token.Kind)
        {
            case Star:
                return Expression(power);
            case LeftBracket:
                Next();
                return Continue(MultiSelectList(), power);
            case LeftBrace:
                Next();
                return Continue(MultiSelectHash(), power);
            case Identifier or QuotedIdentifier when tokens[at + 1].Kind == LeftParen:
                return Expression(power);
            case Identifier or QuotedIdentifier:
                Next();
                return Continue(FieldNode.Of(null, token.Text), power);
            default:
                throw new CompileException(ExpressionErrorCode.Syntax, $"After '.' comes a name, '*', '[' or '{{', not {Describe(token)}.", token.Position);
        }
    }

    Node Member(Node left)
    {
        // A chain of names becomes one node: a path of any length is one step down the tree, and walks without recursion.
        if (Ahead.Kind is Identifier or QuotedIdentifier && tokens[at + 1].Kind != LeftParen)
        {
            return FieldNode.Of(left, Next().Text);
        }

        return new SubNode(left, AfterDot(DotPower));
    }

    ValueProjectionNode ValueWildcard(Node left)
    {
        Next();
        return new ValueProjectionNode(left, Projected(ProjectionPower));
    }

    ListProjectionNode ListWildcard(Node left) => new(left, Projected(ProjectionPower));

    FilterProjectionNode FilterOf(Node left)
    {
        var condition = Expression(0);
        Expect(RightBracket, "']' at the end of the filter");
        return new FilterProjectionNode(left, condition, Projected(FilterPower));
    }

    Node IndexOrSlice(Node left)
    {
        var start = Ahead.Position;
        var parts = new int?[3];
        var colons = 0;
        while (Ahead.Kind != RightBracket)
        {
            if (Ahead.Kind == Colon && colons < 2)
            {
                Next();
                colons++;
            }
            else if (parts[colons] is null && Ahead.Kind is Integer or Minus)
            {
                parts[colons] = Number();
            }
            else
            {
                throw Unexpected();
            }
        }

        Next();
        if (colons == 0)
        {
            return new IndexNode(left, parts[0]!.Value);
        }

        return parts[2] != 0
            ? new ListProjectionNode(new SliceNode(left, parts[0], parts[1], parts[2] ?? 1), Projected(ProjectionPower))
            : throw new CompileException(ExpressionErrorCode.InvalidValue, "A slice's step cannot be 0.", start);
    }

    int Number()
    {
        var first = Next();
        var digits = first;
        if (first.Kind == Minus)
        {
            digits = Ahead.Kind == Integer && Ahead.Position == first.Position + 1 && first.Text == "-" ? Next() : throw Unexpected();
        }

        return int.TryParse(first.Kind == Minus ? "-" + digits.Text : digits.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CompileException(ExpressionErrorCode.Syntax, "The index has more digits than any array has elements.", first.Position);
    }

    Node Parenthesised()
    {
        var inner = Expression(0);
        Expect(RightParen, "')'");
        return inner;
    }

    MultiSelectListNode MultiSelectList()
    {
        var items = new List<Node>();
        do
        {
            items.Add(Expression(0));
        }
        while (TakeComma());

        Expect(RightBracket, "',' or ']'");
        return new MultiSelectListNode([.. items]);
    }

    MultiSelectHashNode MultiSelectHash()
    {
        var members = new List<(string Name, Node Value)>();
        do
        {
            var key = Ahead.Kind is Identifier or QuotedIdentifier ? Next() : throw new CompileException(
                ExpressionErrorCode.Syntax, $"Expected a member's name, but found {Describe(Ahead)}.", Ahead.Position);
            Expect(Colon, "':' after the member's name");
            members.Add((key.Text, Expression(0)));
        }
        while (TakeComma());

        Expect(RightBrace, "',' or '}'");
        return new MultiSelectHashNode([.. members]);
    }

    bool TakeComma()
    {
        if (Ahead.Kind != Comma)
        {
            return false;
        }

        Next();
        return true;
    }

    FunctionNode Call(Token name)
    {
        Next();
        var arguments = new List<Argument>();
        if (Ahead.Kind != RightParen)
        {
            do
            {
                var position = Ahead.Position;
                var isReference = Ahead.Kind == Ampersand;
                if (isReference)
                {
                    Next();
                }

                arguments.Add(new Argument(Expression(0), isReference, position));
            }
            while (TakeComma());
        }

        Expect(RightParen, "',' or ')'");
        return FunctionNode.Of(name, [.. arguments]);
    }

    LetNode Let()
    {
        // All bindings are evaluated before any of them is visible, and the names end with the body.
        var bindings = new List<(string Name, int Slot, Node Value)>();
        do
        {
            var name = Expect(Variable, "a variable ($name)");
            Expect(Assign, "'=' after the variable");
            bindings.Add((name.Text, Slots++, Expression(0)));
        }
        while (TakeComma());

        var keyword = Expect(Identifier, "'in' after the bindings");
        if (keyword.Text != "in")
        {
            throw Unexpected(keyword);
        }

        var outer = bindings.ConvertAll(b => (b.Name, Slot: scope.TryGetValue(b.Name, out var slot) ? slot : -1));
        bindings.ForEach(b => scope[b.Name] = b.Slot);
        var body = Expression(0);
        outer.Reverse();
        foreach (var (name, slot) in outer)
        {
            if (slot < 0)
            {
                scope.Remove(name);
            }
            else
            {
                scope[name] = slot;
            }
        }

        return new LetNode([.. bindings.Select(b => (b.Slot, b.Value))], body);
    }

    // The proposal asks for this error at evaluation, or earlier in a strict mode: nothing outside binds variables, so early it is.
    VariableNode Reference(Token token) => scope.TryGetValue(token.Text, out var slot)
        ? new VariableNode(slot)
        : throw new CompileException(ExpressionErrorCode.InvalidValue, $"The variable ${token.Text} is not bound by a let around it.", token.Position);
}
