using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Shared.JsonSchema;

/// <summary>A part of a document with its own URI: the whole of it, or a subschema with <c>$id</c>.</summary>
sealed class SchemaResource(string uri, SchemaDocument document, string pointer, Dialect dialect)
{
    /// <summary>Absolute, without fragment.</summary>
    public string Uri { get; } = uri;

    public SchemaDocument Document { get; } = document;

    /// <summary>Where the resource starts in its document.</summary>
    public string Pointer { get; } = pointer;

    public Dialect Dialect { get; } = dialect;

    /// <summary>Names to document pointers, those of <c>$dynamicAnchor</c> included.</summary>
    public Dictionary<string, string> Anchors { get; } = new(StringComparer.Ordinal);

    public HashSet<string> DynamicAnchors { get; } = new(StringComparer.Ordinal);

    /// <summary>The compiled nodes of <see cref="DynamicAnchors"/>; filled when something refers dynamically.</summary>
    public Dictionary<string, SchemaNode> DynamicNodes { get; } = new(StringComparer.Ordinal);
}

/// <summary>One JSON text with schemas in it, and which resource each known subschema belongs to.</summary>
sealed class SchemaDocument(JsonElement root, string label)
{
    public JsonElement Root { get; } = root;

    /// <summary>Put before pointers into this document: empty for the schema that is being compiled, else its URI and <c>#</c>.</summary>
    public string Label { get; } = label;

    /// <summary>Every known subschema by its pointer, with the resource that it belongs to.</summary>
    public Dictionary<string, (SchemaResource Resource, JsonElement Schema)> Known { get; } = new(StringComparer.Ordinal);

    /// <summary>The resource of a place; a place under an unknown keyword belongs to the nearest known one above it.</summary>
    public SchemaResource ScopeOf(string pointer)
    {
        while (true)
        {
            if (Known.TryGetValue(pointer, out var known))
                return known.Resource;
            pointer = pointer[..pointer.LastIndexOf('/')];
        }
    }

    public JsonElement? Find(string pointer)
    {
        // Walking is for places under keywords that no dialect knows; for all others it would make many references quadratic.
        if (Known.TryGetValue(pointer, out var known))
            return known.Schema;
        var current = Root;
        foreach (var segment in pointer.Split('/').Skip(1))
        {
            var name = JsonPointer.Unescape(segment);
            if (current.ValueKind == JsonValueKind.Object && current.TryGetProperty(name, out var member))
                current = member;
            else if (current.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0 && index < current.GetArrayLength())
                current = current[index];
            else
                return null;
        }
        return current;
    }
}
