using static AgentPlatform.Domain.Shared.Expressions.TokenKind;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>Top-down operator precedence (Pratt) over the tokens. Binding powers are those of the specification's grammar, with
/// arithmetic between the comparisons and the brackets.</summary>
sealed partial class Parser(List<Token> tokens)
{
    const int PipePower = 1;
    const int OrPower = 2;
    const int AndPower = 3;
    const int ComparePower = 5;
    const int AddPower = 6;
    const int MultiplyPower = 7;
    const int FlattenPower = 9;
    // A token that binds weaker than this ends a projection.
    const int ProjectionStop = 10;
    const int ProjectionPower = 20;
    const int FilterPower = 21;
    // Weaker than '.' and '[': !a.b negates a.b. The specification says so of '[' and leaves '.' open.
    const int UnaryPower = 30;
    const int DotPower = 40;
    const int BracketPower = 55;

    readonly Dictionary<string, int> scope = [];
    int at;
    int nesting;

    /// <summary>Variables that the expression's <c>let</c> bindings need, each in a place of its own.</summary>
    public int Slots { get; private set; }

    Token Ahead => tokens[at];

    public Node Parse()
    {
        var node = Expression(0);
        return Ahead.Kind == End ? node : throw Unexpected();
    }

    Node Expression(int power)
    {
        Enter();
        var node = Continue(Begin(), power);
        nesting--;
        return node;
    }

    void Enter()
    {
        if (++nesting > ExpressionLimits.Nesting)
        {
            throw new CompileException(ExpressionErrorCode.Limit, $"The expression is nested more than {ExpressionLimits.Nesting} deep.", Ahead.Position);
        }
    }

    /// <summary>Takes up everything after <paramref name="left"/> that binds tighter than <paramref name="power"/>.</summary>
    Node Continue(Node left, int power)
    {
        while (PowerOf(Ahead.Kind) > power)
        {
            left = Checked(Extend(left, Next()));
        }

        return left;
    }

    Node Begin()
    {
        var token = Next();
        return Checked(token.Kind switch
        {
            Literal => new LiteralNode(token.Value),
            Identifier when Ahead.Kind == LeftParen => Call(token),
            Identifier when token.Text == "let" && Ahead.Kind == Variable => Let(),
            Identifier => FieldNode.Of(null, token.Text),
            QuotedIdentifier when Ahead.Kind == LeftParen => throw new CompileException(ExpressionErrorCode.Syntax, "A function's name takes no quotes.", token.Position),
            QuotedIdentifier => FieldNode.Of(null, token.Text),
            Star => new ValueProjectionNode(CurrentNode.Implicit, Projected(ProjectionPower)),
            Current => CurrentNode.Explicit,
            Root => new RootNode(),
            Variable => Reference(token),
            Not => new NotNode(Expression(UnaryPower)),
            Minus => new NegateNode(Expression(UnaryPower), token.Position),
            Plus => new PlusNode(Expression(UnaryPower), token.Position),
            LeftParen => Parenthesised(),
            LeftBrace => MultiSelectHash(),
            Flatten => new ListProjectionNode(new FlattenNode(CurrentNode.Implicit), Projected(FlattenPower)),
            Filter => FilterOf(CurrentNode.Implicit),
            LeftBracket when Ahead.Kind is Integer or Minus or Colon && IsIndex() => IndexOrSlice(CurrentNode.Implicit),
            LeftBracket when IsWildcard() => ListWildcard(CurrentNode.Implicit),
            LeftBracket => MultiSelectList(),
            _ => throw Unexpected(token),
        });
    }

    Node Extend(Node left, Token token) => token.Kind switch
    {
        Dot when Ahead.Kind == Star => ValueWildcard(left),
        Dot => Member(left),
        Pipe => new PipeNode(left, Expression(PipePower)),
        Or => new OrNode(left, Expression(OrPower)),
        And => new AndNode(left, Expression(AndPower)),
        Equal or NotEqual => new EqualityNode(left, Expression(ComparePower), token.Kind == Equal),
        Less or LessOrEqual or Greater or GreaterOrEqual => new OrderNode(left, Expression(ComparePower), token.Kind),
        Plus or Minus => new ArithmeticNode(left, Expression(AddPower), token.Kind, token.Position),
        Star or Slash or DoubleSlash or Percent => new ArithmeticNode(left, Expression(MultiplyPower), token.Kind, token.Position),
        Flatten => new ListProjectionNode(new FlattenNode(left), Projected(FlattenPower)),
        Filter => FilterOf(left),
        LeftBracket when Ahead.Kind is Integer or Minus or Colon => IndexOrSlice(left),
        LeftBracket when IsWildcard() => ListWildcard(left),
        _ => throw Unexpected(),
    };

    static int PowerOf(TokenKind kind) => kind switch
    {
        Pipe => PipePower,
        Or => OrPower,
        And => AndPower,
        Equal or NotEqual or Less or LessOrEqual or Greater or GreaterOrEqual => ComparePower,
        Plus or Minus => AddPower,
        Star or Slash or DoubleSlash or Percent => MultiplyPower,
        Flatten => FlattenPower,
        Filter => FilterPower,
        Dot => DotPower,
        LeftBracket => BracketPower,
        _ => 0,
    };

    Token Next()
    {
        var token = tokens[at];
        if (token.Kind != End)
        {
            at++;
        }

        return token;
    }

    Token Expect(TokenKind kind, string what) => Ahead.Kind == kind ? Next() : throw new CompileException(
        ExpressionErrorCode.Syntax, $"Expected {what}, but found {Describe(Ahead)}.", Ahead.Position);

    CompileException Unexpected() => Unexpected(Ahead);

    static CompileException Unexpected(Token token) => new(ExpressionErrorCode.Syntax, $"Unexpected {Describe(token)}.", token.Position);

    static string Describe(Token token) => token.Kind is End or Literal ? token.Text : $"'{token.Text}'";

    static Node Checked(Node node) => node.Depth <= ExpressionLimits.TreeDepth ? node : throw new CompileException(
        ExpressionErrorCode.Limit, $"The expression chains more than {ExpressionLimits.TreeDepth} operators.", -1);
}
