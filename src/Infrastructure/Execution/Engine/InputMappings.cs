using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

sealed class InputMappings(ITemplateCompiler templates) : IInputMappings
{
    public IReadOnlyList<FieldError> Check(JsonElement mapping, string pointer)
    {
        var faults = new List<FieldError>();
        var compiled = ValueTemplate.Compile(mapping, pointer, templates, (place, error) => faults.Add(new FieldError(place, $"expression_{error.Code}", error.Message)));
        faults.AddRange(compiled.References
            .Where(reference => !DeliveryScope.Names.Contains(reference.RootField))
            .Select(reference => new FieldError(reference.Pointer, "unknown_name", $"There is no {reference.RootField} here; a mapping reads body, headers and query.")));
        return faults;
    }

    /// <summary>A mapping that was checked when it was stored.</summary>
    public ValueTemplate Compile(JsonElement mapping) => ValueTemplate.Compile(mapping, "", templates, (place, error) =>
        throw new InvalidOperationException($"A stored input mapping does not compile at {place}: {error.Message}"));
}
