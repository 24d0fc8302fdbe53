using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Shared.JsonSchema;

/// <summary>
/// Finds every identifier of the documents of one compilation (<c>$id</c>, <c>$anchor</c>, <c>$dynamicAnchor</c>) and resolves references to them. Nothing is
/// fetched: what is neither in the schema itself, nor among the given documents, nor a standard metaschema, does not exist.
/// </summary>
sealed class SchemaRegistry(IReadOnlyDictionary<string, JsonElement> documents, List<SchemaProblem> problems)
{
    public const string RootUri = "schema:///";
    const int MaxDepth = 128;
    const string ValidationVocabulary = "https://json-schema.org/draft/2020-12/vocab/validation";

    readonly Dictionary<string, SchemaResource> _resources = new(StringComparer.Ordinal);

    public IEnumerable<SchemaResource> Resources => _resources.Values;

    /// <summary>Reads a document's identifiers. Its own <c>$schema</c> decides the dialect, else <paramref name="fallback"/>.</summary>
    public SchemaResource Load(JsonElement root, string uri, string label, Dialect fallback)
    {
        var document = new SchemaDocument(root, label);
        var resource = new SchemaResource(uri, document, "", DialectOf(root, fallback, label));
        _resources.TryAdd(uri, resource);
        Scan(root, "", resource, 0);
        // A document is also found by the URI under which it was asked for, when its own $id says another one.
        return _resources[uri] = document.Known[""].Resource;
    }

    /// <summary>The resource with this absolute URI, loading it when it is a known document (in the referring schema's dialect, if it names none); null when there is none.</summary>
    public SchemaResource? Find(string uri, Dialect fallback)
    {
        if (_resources.TryGetValue(uri, out var known))
            return known;
        if (documents.TryGetValue(uri, out var given) || Metaschemas.Documents.TryGetValue(uri, out given))
            return Load(given, uri, uri + "#", fallback);
        return null;
    }

    /// <summary>Splits a reference into the absolute URI and the decoded fragment; null when it is no URI reference.</summary>
    public static (string Uri, string Fragment)? Resolve(string baseUri, string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var path = hash < 0 ? reference : reference[..hash];
        var fragment = hash < 0 ? "" : Uri.UnescapeDataString(reference[(hash + 1)..]);
        if (path.Length == 0)
            return (baseUri, fragment);
        if (Uri.TryCreate(path, UriKind.Absolute, out var absolute) && !path.StartsWith('/'))
            return (absolute.AbsoluteUri, fragment);
        return Uri.TryCreate(baseUri, UriKind.Absolute, out var root) && Uri.TryCreate(root, path, out var resolved) ? (resolved.AbsoluteUri, fragment) : null;
    }

    void Scan(JsonElement schema, string pointer, SchemaResource resource, int depth)
    {
        if (depth > MaxDepth)
        {
            Problem(resource, pointer, "", $"The schema is nested deeper than {MaxDepth}.");
            return;
        }
        var scope = schema.ValueKind == JsonValueKind.Object ? Identify(schema, pointer, resource) : resource;
        scope.Document.Known[pointer] = (scope, schema);
        if (schema.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in schema.EnumerateObject())
            ScanMember(member, JsonPointer.Append(pointer, member.Name), scope, depth);
    }

    void ScanMember(JsonProperty member, string pointer, SchemaResource scope, int depth)
    {
        var dialect = scope.Dialect;
        if (member.Value.ValueKind == JsonValueKind.Array && dialect.ListKeywords.Contains(member.Name))
        {
            var index = 0;
            foreach (var item in member.Value.EnumerateArray())
                Scan(item, JsonPointer.Append(pointer, index++), scope, depth + 1);
        }
        else if (member.Value.ValueKind == JsonValueKind.Object && dialect.MapKeywords.Contains(member.Name))
        {
            foreach (var item in member.Value.EnumerateObject())
                Scan(item.Value, JsonPointer.Append(pointer, item.Name), scope, depth + 1);
        }
        else if (dialect.SchemaKeywords.Contains(member.Name))
        {
            Scan(member.Value, pointer, scope, depth + 1);
        }
    }

    /// <summary>The resource that the schema object belongs to: a new one when it has an <c>$id</c>.</summary>
    SchemaResource Identify(JsonElement schema, string pointer, SchemaResource parent)
    {
        // In draft-07 a $ref hides its siblings, $id among them.
        var hidden = parent.Dialect.Is07 && schema.TryGetProperty("$ref", out _);
        var scope = parent;
        if (!hidden && Text(schema, "$id") is { } id && Resolve(parent.Uri, id) is var (uri, fragment))
        {
            if (uri != parent.Uri || !id.StartsWith('#'))
                scope = Enter(schema, pointer, parent, uri);
            if (fragment.Length > 0 && scope.Dialect.Is07)
                AddAnchor(scope, fragment, pointer);
        }
        if (!scope.Dialect.Is07)
        {
            if (Text(schema, "$anchor") is { } anchor)
                AddAnchor(scope, anchor, pointer);
            if (Text(schema, "$dynamicAnchor") is { } dynamicAnchor)
            {
                AddAnchor(scope, dynamicAnchor, pointer);
                scope.DynamicAnchors.Add(dynamicAnchor);
            }
        }
        return scope;
    }

    SchemaResource Enter(JsonElement schema, string pointer, SchemaResource parent, string uri)
    {
        if (uri == parent.Uri && pointer == parent.Pointer)
            return parent;
        var dialect = pointer.Length == 0 ? parent.Dialect : DialectOf(schema, parent.Dialect, parent.Document.Label + pointer);
        var resource = new SchemaResource(uri, parent.Document, pointer, dialect);
        if (!_resources.TryAdd(uri, resource) && _resources[uri].Document == parent.Document)
            Problem(parent, pointer, "$id", $"The identifier {uri} is used twice.");
        return resource;
    }

    Dialect DialectOf(JsonElement schema, Dialect inherited, string place)
    {
        if (schema.ValueKind != JsonValueKind.Object || Text(schema, "$schema") is not { } uri)
            return inherited;
        if (Dialect.Standard(uri) is { } standard)
            return standard;
        if (documents.TryGetValue(uri.TrimEnd('#'), out var custom) && custom.ValueKind == JsonValueKind.Object
            && Dialect.Standard(Text(custom, "$schema") ?? "") is { Draft: Draft.V202012 })
        {
            var asserts = !custom.TryGetProperty("$vocabulary", out var vocabulary)
                || (vocabulary.ValueKind == JsonValueKind.Object && vocabulary.TryGetProperty(ValidationVocabulary, out _));
            return new(Draft.V202012, asserts);
        }
        problems.Add(new("", place + "/$schema", "$schema", $"The dialect {uri} is not supported; use draft 2020-12 or draft-07."));
        return inherited;
    }

    void AddAnchor(SchemaResource resource, string name, string pointer)
    {
        if (!resource.Anchors.TryAdd(name, pointer) && resource.Anchors[name] != pointer)
            Problem(resource, pointer, "$anchor", $"The anchor {name} is used twice.");
    }

    void Problem(SchemaResource resource, string pointer, string keyword, string message) =>
        problems.Add(new("", resource.Document.Label + (keyword.Length > 0 ? JsonPointer.Append(pointer, keyword) : pointer), keyword, message));

    static string? Text(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
