using System.Runtime.InteropServices;
using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Shared.JsonSchema;

/// <summary>
/// Turns a schema into a graph of nodes. Nodes wait in a queue instead of being compiled where they are referred to: a chain of a thousand references
/// then needs no stack, and a reference back to a node finds it.
/// </summary>
sealed class SchemaCompiler
{
    const int MaxBytes = 512 * 1024;
    const int MaxNodes = 20_000;

    readonly Dictionary<(SchemaDocument Document, string Pointer), SchemaNode> _nodes = [];
    readonly Queue<(SchemaNode Node, JsonElement Schema)> _pending = new();
    readonly SchemaRegistry _registry;
    readonly List<SchemaProblem> _problems = [];

    public SchemaCompiler(IReadOnlyDictionary<string, JsonElement> documents) => _registry = new(documents, _problems);

    public IReadOnlyList<SchemaProblem> Problems => _problems;

    /// <summary>Set by the first <c>$dynamicRef</c> that depends on where the evaluation came from.</summary>
    public bool TracksScope { get; set; }

    public int Patterns { get; set; }

    /// <summary>As <see cref="Compile"/>, after the schema has been checked against its metaschema.</summary>
    public CompiledSchema? CompileChecked(JsonElement schema, Dialect fallback)
    {
        if (JsonMarshal.GetRawUtf8Value(schema).Length > MaxBytes)
        {
            _problems.Add(new("", "", "", $"The schema is larger than {MaxBytes} bytes."));
            return null;
        }
        var root = _registry.Load(schema, SchemaRegistry.RootUri, "", fallback);
        if (_problems.Count > 0)
            return null;
        foreach (var problem in Metaschemas.For(root.Dialect.Draft).Validate(schema))
            _problems.Add(new("", problem.InstancePointer, KeywordOf(problem.InstancePointer), problem.Message));
        return _problems.Count > 0 ? null : CompileNodes(root, schema);
    }

    public CompiledSchema? Compile(JsonElement schema, Dialect fallback) =>
        CompileNodes(_registry.Load(schema, SchemaRegistry.RootUri, "", fallback), schema);

    public SchemaNode Node(SchemaDocument document, string pointer, JsonElement schema)
    {
        if (_nodes.TryGetValue((document, pointer), out var known))
            return known;
        var node = new SchemaNode(document.ScopeOf(pointer), pointer);
        _nodes.Add((document, pointer), node);
        _pending.Enqueue((node, schema));
        return node;
    }

    /// <summary>The node that a reference names, or null after the problem has been noted. The anchor is set when the target is a <c>$dynamicAnchor</c>.</summary>
    public SchemaNode? Target(SchemaNode from, string keyword, string reference, out string? dynamicAnchor)
    {
        dynamicAnchor = null;
        if (SchemaRegistry.Resolve(from.Resource.Uri, reference) is not var (uri, fragment) || _registry.Find(uri, from.Resource.Dialect) is not { } resource)
        {
            Problem(from, keyword, $"The reference {reference} leads outside of this schema; only the standard metaschemas and what the schema itself holds can be referred to.");
            return null;
        }
        var pointer = fragment.Length == 0 ? resource.Pointer
            : fragment[0] == '/' ? resource.Pointer + fragment
            : resource.Anchors.GetValueOrDefault(fragment);
        if (pointer is null || resource.Document.Find(pointer) is not { ValueKind: JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False } schema)
        {
            Problem(from, keyword, $"The reference {reference} names no schema.");
            return null;
        }
        if (resource.DynamicAnchors.Contains(fragment))
            dynamicAnchor = fragment;
        return Node(resource.Document, pointer, schema);
    }

    public void Problem(SchemaNode node, string keyword, string message) =>
        _problems.Add(new("", node.PlaceOf(keyword), keyword, message));

    CompiledSchema? CompileNodes(SchemaResource root, JsonElement schema)
    {
        var node = Node(root.Document, "", schema);
        CompilePending();
        while (TracksScope && EnqueueDynamicAnchors())
            CompilePending();
        if (_problems.Count == 0)
            RefuseCircles();
        return _problems.Count == 0 ? new CompiledSchema(node, TracksScope) : null;
    }

    void CompilePending()
    {
        while (_pending.TryDequeue(out var next))
        {
            if (_nodes.Count > MaxNodes)
            {
                _problems.Add(new("", "", "", $"The schema has more than {MaxNodes} subschemas."));
                _pending.Clear();
                return;
            }
            if (next.Schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
                next.Node.Always = next.Schema.ValueKind == JsonValueKind.True;
            else if (next.Schema.ValueKind == JsonValueKind.Object)
                next.Node.Rules = new RuleFactory(this, next.Node, next.Schema).Create();
            else
                Problem(next.Node, "", "A schema is an object, true or false.");
        }
    }

    bool EnqueueDynamicAnchors()
    {
        foreach (var resource in _registry.Resources.ToArray())
        {
            foreach (var anchor in resource.DynamicAnchors.Where(a => !resource.DynamicNodes.ContainsKey(a)))
            {
                var pointer = resource.Anchors[anchor];
                resource.DynamicNodes.Add(anchor, Node(resource.Document, pointer, resource.Document.Find(pointer)!.Value));
            }
        }
        return _pending.Count > 0;
    }

    /// <summary>
    /// A node that applies itself to the same instance again would never end. Found by taking away nodes that nothing left applies in place: what
    /// remains stands on a circle or behind one.
    /// </summary>
    void RefuseCircles()
    {
        var targets = _nodes.Values.ToDictionary(node => node, node => node.InPlace.Count);
        var appliedBy = _nodes.Values.SelectMany(node => node.InPlace.Select(target => (target, node))).ToLookup(edge => edge.target, edge => edge.node);
        var done = new Queue<SchemaNode>(targets.Where(t => t.Value == 0).Select(t => t.Key));
        while (done.TryDequeue(out var node))
        {
            targets.Remove(node);
            foreach (var owner in appliedBy[node])
            {
                if (--targets[owner] == 0)
                    done.Enqueue(owner);
            }
        }
        foreach (var node in targets.Keys.OrderBy(n => n.Pointer, StringComparer.Ordinal).Take(1))
            Problem(node, "", "The schema applies itself to the same value again, through references that form a circle.");
    }

    static string KeywordOf(string pointer) => JsonPointer.Unescape(pointer[(pointer.LastIndexOf('/') + 1)..]);
}
