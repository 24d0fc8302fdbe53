using System.Text.Json;

namespace AgentPlatform.Domain.Shared.JsonSchema;

/// <summary>The standard metaschemas: every reference to them resolves, and every schema is checked against its own.</summary>
static class Metaschemas
{
    /// <summary>By absolute URI without fragment.</summary>
    public static readonly IReadOnlyDictionary<string, JsonElement> Documents = Load();

    static readonly Lazy<CompiledSchema> ForDraft07 = new(() => Compile("http://json-schema.org/draft-07/schema"));
    static readonly Lazy<CompiledSchema> ForDraft202012 = new(() => Compile("https://json-schema.org/draft/2020-12/schema"));

    public static CompiledSchema For(Draft draft) => (draft == Draft.V07 ? ForDraft07 : ForDraft202012).Value;

    static CompiledSchema Compile(string uri)
    {
        var compiler = new SchemaCompiler(new Dictionary<string, JsonElement>());
        return compiler.Compile(Documents[uri], Dialect.Draft202012) ?? throw new InvalidOperationException($"The metaschema {uri} does not compile: {compiler.Problems[0]}");
    }

    static Dictionary<string, JsonElement> Load()
    {
        var assembly = typeof(Metaschemas).Assembly;
        var documents = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("metaschemas/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var document = JsonDocument.Parse(stream);
            documents.Add(document.RootElement.GetProperty("$id").GetString()!.TrimEnd('#'), document.RootElement.Clone());
        }
        return documents;
    }
}
