namespace AgentPlatform.Domain.Shared.JsonSchema;

/// <summary>One thing that is wrong with an instance, or with a schema.</summary>
/// <param name="InstancePointer">JSON pointer to the value in the instance; empty for a problem of the schema itself.</param>
/// <param name="SchemaPointer">JSON pointer to the rule in the schema, with the URI of its document in front when that is another one.</param>
/// <param name="Keyword">The keyword that was not met, or <c>""</c> (the schema <c>false</c>, a limit).</param>
/// <param name="Message">One English sentence for a person.</param>
public sealed record SchemaProblem(string InstancePointer, string SchemaPointer, string Keyword, string Message);
