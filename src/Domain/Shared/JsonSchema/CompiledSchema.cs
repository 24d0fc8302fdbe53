using System.Text.Json;

namespace AgentPlatform.Domain.Shared.JsonSchema;

/// <summary>
/// A JSON Schema (draft 2020-12, or draft-07 by its <c>$schema</c>), checked and compiled once and used from any number of threads. <c>format</c> and
/// <c>content…</c> are annotations. References resolve inside the schema and to the standard metaschemas; nothing is ever fetched.
/// </summary>
public sealed class CompiledSchema
{
    readonly SchemaNode _root;
    readonly bool _tracksScope;

    internal CompiledSchema(SchemaNode root, bool tracksScope)
    {
        _root = root;
        _tracksScope = tracksScope;
    }

    /// <summary>
    /// False with every problem found: a value that its metaschema refuses, a reference to nowhere or in a circle, a pattern that is no ECMA-262
    /// pattern, an unknown dialect, a limit passed. The element's document may be disposed afterwards.
    /// </summary>
    public static bool TryCompile(JsonElement schema, out CompiledSchema? compiled, out IReadOnlyList<SchemaProblem> problems) =>
        TryCompile(schema, new Dictionary<string, JsonElement>(), Dialect.Draft202012, out compiled, out problems);

    /// <summary>As the other overload, for a schema that may refer to further documents.</summary>
    /// <param name="documents">Further documents by absolute URI.</param>
    /// <param name="dialect">For a schema without <c>$schema</c>.</param>
    internal static bool TryCompile(
        JsonElement schema, IReadOnlyDictionary<string, JsonElement> documents, Dialect dialect, out CompiledSchema? compiled, out IReadOnlyList<SchemaProblem> problems)
    {
        compiled = null;
        if (HoldsLoneSurrogate(schema))
        {
            problems = [new("", "", "", "A text in the schema holds half of a surrogate pair.")];
            return false;
        }
        var compiler = new SchemaCompiler(documents);
        compiled = compiler.CompileChecked(schema.Clone(), dialect);
        problems = compiler.Problems;
        return compiled is not null;
    }

    public bool IsValid(JsonElement instance)
    {
        var run = new Evaluation(_tracksScope, 0);
        return Run(run, instance) is null && run.GivenUp is null;
    }

    /// <summary>Every problem, at most <paramref name="maxProblems"/> of them; empty when the instance is valid. All rules are tried, not only up to the first failure.</summary>
    public IReadOnlyList<SchemaProblem> Validate(JsonElement instance, int maxProblems = 100)
    {
        // Most instances are valid, and finding that out needs no paths.
        var quick = new Evaluation(_tracksScope, 0);
        var failure = Run(quick, instance);
        if (quick.GivenUp is { } why)
            return [new("", _root.PlaceOf(""), "", why)];
        if (failure is null)
            return [];
        var run = new Evaluation(_tracksScope, Math.Max(maxProblems, 1));
        failure = Run(run, instance) ?? failure;
        return run.Problems.Count > 0 ? run.Problems : [failure];
    }

    SchemaProblem? Run(Evaluation run, JsonElement instance)
    {
        try
        {
            return _root.Evaluate(instance, run, null) ? null : new("", _root.PlaceOf(""), "", "The value is not valid.");
        }
        catch (InvalidOperationException) when (HoldsLoneSurrogate(instance))
        {
            return new("", _root.PlaceOf(""), "", "A text in the value holds half of a surrogate pair.");
        }
    }

    /// <summary>Whether reading a text of the element throws.</summary>
    static bool HoldsLoneSurrogate(JsonElement element)
    {
        try
        {
            Json.CanonicalJson.Write(element);
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
