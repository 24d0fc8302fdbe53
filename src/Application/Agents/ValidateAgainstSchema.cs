using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.JsonSchema;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Checks a value against a JSON Schema (2020-12; draft-07 by its <c>$schema</c>). A schema that is none is refused.</summary>
[Requires("agents:read")]
public sealed record ValidateAgainstSchema(JsonElement Schema, JsonElement Instance) : IQuery<SchemaValidation>;

/// <param name="Errors">At most 100; pointers start at the instance.</param>
public sealed record SchemaValidation(bool Valid, IReadOnlyList<SchemaError> Errors);

/// <param name="Pointer">Of the value in the instance.</param>
/// <param name="Code">The keyword that was not met.</param>
/// <param name="SchemaPointer">Of the rule in the schema.</param>
public sealed record SchemaError(string Pointer, string Code, string Message, string SchemaPointer);

file sealed class Handler : IRequestHandler<ValidateAgainstSchema, Result<SchemaValidation>>
{
    public Task<Result<SchemaValidation>> Handle(ValidateAgainstSchema request, CancellationToken cancellationToken)
    {
        if (Schemas.Check("/schema", request.Schema).ToList() is { Count: > 0 } faults)
        {
            return Task.FromResult<Result<SchemaValidation>>(Error.Invalid(faults));
        }

        CompiledSchema.TryCompile(request.Schema, out var schema, out _);
        var problems = schema!.Validate(request.Instance);
        return Task.FromResult<Result<SchemaValidation>>(new SchemaValidation(
            problems.Count == 0,
            [.. problems.Select(p => new SchemaError(p.InstancePointer, Schemas.CodeOf(p), p.Message, p.SchemaPointer))]));
    }
}
