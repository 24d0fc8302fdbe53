using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>
/// <c>merge</c>: brings branches together. <c>object</c> lays the objects over each other, later ones win; <c>array</c> concatenates
/// (a value that is no array counts as one item); <c>first</c> takes the first that is not null. Nulls, which is what skipped branches give, are left out.
/// </summary>
sealed class MergeSkill : IPureSkill
{
    public string Handles => "builtin/merge";

    public SkillOutcome Run(SkillCall call)
    {
        var values = Present(call.With);
        var mode = call.With.TryGetProperty("mode", out var text) && text.Kind is DatumKind.String ? text.GetString() : "object";
        return mode switch
        {
            "first" => values.Count > 0 ? values[0] : Datum.Null,
            "array" => Datum.FromArray([.. values.SelectMany(value => value.Kind is DatumKind.Array ? value.EnumerateItems() : (IEnumerable<Datum>)[value])]),
            "object" => Overlay(values),
            _ => new SkillError("invalid_with", $"merge knows no mode {mode}; use object, array or first.", "invalid_input", Retryable: false),
        };
    }

    static List<Datum> Present(Datum with) =>
        with.TryGetProperty("values", out var values) && values.Kind is DatumKind.Array
            ? [.. values.EnumerateItems().Where(value => value.Kind is not DatumKind.Null)]
            : [];

    static SkillOutcome Overlay(List<Datum> values)
    {
        var merged = new Dictionary<string, Datum>();
        foreach (var value in values)
        {
            if (value.Kind is not DatumKind.Object)
            {
                return new SkillError("invalid_with", "merge in mode object takes objects only; use array or first for other values.", "invalid_input", Retryable: false);
            }

            foreach (var (name, member) in value.EnumerateMembers())
            {
                merged[name] = member;
            }
        }

        return Datum.FromObject(merged);
    }
}
