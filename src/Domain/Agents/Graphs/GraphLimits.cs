namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>How large a graph may be; a plan may lower the numbers. Nodes and edges are counted over all bodies.</summary>
/// <param name="Bytes">Of the document in its canonical form (CanonicalJson), so that white space and storage do not matter.</param>
/// <param name="Depth">Objects and arrays inside each other.</param>
/// <param name="ExpressionLength">Characters of one expression.</param>
/// <param name="BodyDepth">Bodies of <c>foreach</c> and <c>loop</c> inside each other.</param>
public sealed record GraphLimits(int Nodes, int Edges, int Bytes, int Depth, int ExpressionLength, int BodyDepth = 8)
{
    public static GraphLimits Default { get; } = new(Nodes: 500, Edges: 1000, Bytes: 256 * 1024, Depth: 32, ExpressionLength: 4096);
}
