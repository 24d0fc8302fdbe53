using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Schedules;

namespace AgentPlatform.Infrastructure.Execution.Engine;

sealed class InputMappings(ITemplateCompiler templates) : IInputMappings
{
    public IReadOnlyList<FieldError> Check(JsonElement mapping, string kind, string pointer)
    {
        var faults = new List<FieldError>();
        var compiled = ValueTemplate.Compile(mapping, pointer, templates, (place, error) => faults.Add(new FieldError(place, $"expression_{error.Code}", error.Message)));
        var names = Names(kind);
        faults.AddRange(compiled.References
            .Where(reference => !names.Contains(reference.RootField))
            .Select(reference => new FieldError(reference.Pointer, "unknown_name", $"There is no {reference.RootField} here; a mapping reads {string.Join(", ", names)}.")));
        return faults;
    }

    static IReadOnlySet<string> Names(string kind) => kind switch
    {
        "schedule" => ScheduleScope.Names,
        "event" => EventScope.Names,
        _ => DeliveryScope.Names,
    };

    /// <summary>A mapping that was checked when it was stored.</summary>
    public ValueTemplate Compile(JsonElement mapping) => ValueTemplate.Compile(mapping, "", templates, (place, error) =>
        throw new InvalidOperationException($"A stored input mapping does not compile at {place}: {error.Message}"));
}
