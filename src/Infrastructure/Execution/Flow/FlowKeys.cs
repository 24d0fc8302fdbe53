using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Execution.Flow;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>Compiles the expressions that make keys: they read <c>input</c> and nothing else.</summary>
sealed class FlowKeys(ITemplateCompiler templates) : IFlowKeys
{
    public IReadOnlyList<FieldError> Check(FlowSettings settings)
    {
        var faults = new List<FieldError>();
        foreach (var (pointer, key) in settings.Keys())
        {
            var compiled = ValueTemplate.Compile(Text(key), pointer, templates, (place, error) => faults.Add(new FieldError(place, $"expression_{error.Code}", error.Message)));
            faults.AddRange(compiled.References.Where(reference => reference.RootField != "input")
                .Select(reference => new FieldError(reference.Pointer, "unknown_name", $"There is no {reference.RootField} here; a key reads input.")));
        }

        return faults;
    }

    /// <summary>A key that was checked when it was stored.</summary>
    public ValueTemplate? Compile(string? key) => key is null ? null : ValueTemplate.Compile(Text(key), "", templates, (_, error) =>
        throw new InvalidOperationException($"A stored key does not compile: {error.Message}"));

    static JsonElement Text(string key) => JsonSerializer.SerializeToElement(key);
}
