namespace AgentPlatform.Domain.Shared.JsonSchema;

enum Draft
{
    V07,
    V202012,
}

/// <summary>What a <c>$schema</c> means here: a draft, and whether its assertions (the validation vocabulary) are in force.</summary>
sealed record Dialect(Draft Draft, bool Asserts)
{
    public static readonly Dialect Draft07 = new(Draft.V07, true);
    public static readonly Dialect Draft202012 = new(Draft.V202012, true);

    static readonly string[] SchemaKeywords07 =
        ["additionalItems", "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"];

    static readonly string[] SchemaKeywords202012 =
        ["additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"];

    static readonly string[] ListKeywords07 = ["allOf", "anyOf", "items", "oneOf"];
    static readonly string[] ListKeywords202012 = ["allOf", "anyOf", "oneOf", "prefixItems"];
    static readonly string[] MapKeywords07 = ["definitions", "dependencies", "patternProperties", "properties"];
    static readonly string[] MapKeywords202012 = ["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"];

    public bool Is07 => Draft == Draft.V07;

    /// <summary>Keywords whose value is a schema.</summary>
    public string[] SchemaKeywords => Is07 ? SchemaKeywords07 : SchemaKeywords202012;

    /// <summary>Keywords whose value is an array of schemas.</summary>
    public string[] ListKeywords => Is07 ? ListKeywords07 : ListKeywords202012;

    /// <summary>Keywords whose value is an object of schemas.</summary>
    public string[] MapKeywords => Is07 ? MapKeywords07 : MapKeywords202012;

    /// <summary>The dialect of one of the standard metaschemas, by its URI with or without an empty fragment; null for any other.</summary>
    public static Dialect? Standard(string uri) => uri.TrimEnd('#') switch
    {
        "https://json-schema.org/draft/2020-12/schema" => Draft202012,
        "http://json-schema.org/draft-07/schema" or "https://json-schema.org/draft-07/schema" => Draft07,
        _ => null,
    };
}
