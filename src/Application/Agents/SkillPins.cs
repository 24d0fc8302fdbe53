using System.Text.Json;

namespace AgentPlatform.Application.Agents;

static class SkillPins
{
    /// <summary>Reads the pins back from <see cref="AgentVersionView.Skills"/>.</summary>
    public static IReadOnlyList<SkillPin> Read(JsonElement skills) =>
    [
        .. skills.EnumerateArray().Select(p => new SkillPin(
            p.GetProperty("reference").GetString()!, p.GetProperty("skill").GetString()!, p.GetProperty("skill_version_id").GetGuid())),
    ];
}
