using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>A tenant's own skill version presets parameters (<c>with</c> of its spec); what the node gives lies over them, member by member.</summary>
static class Preset
{
    public static Datum Under(ResolvedSkill skill, Datum with)
    {
        if (skill.Spec.ValueKind is not JsonValueKind.Object || with.Kind is not DatumKind.Object
            || !skill.Spec.TryGetProperty("with", out var preset) || preset.ValueKind is not JsonValueKind.Object)
        {
            return with;
        }

        var merged = new Dictionary<string, Datum>();
        foreach (var member in preset.EnumerateObject())
        {
            merged[member.Name] = Datum.From(member.Value);
        }

        foreach (var (name, value) in with.EnumerateMembers())
        {
            merged[name] = value;
        }

        return Datum.FromObject(merged);
    }
}
