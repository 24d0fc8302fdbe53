using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

static class SkillAccess
{
    static readonly Error ReadOnly = new(ErrorKind.Forbidden, "platform_skill", "This is one of the platform's skills; nobody changes it.");

    /// <summary>The tenant's own skill, locked. One of the platform's can be seen but not changed, and the answer says so.</summary>
    public static async Task<Result<SkillView>> FindToChange(this ISkills skills, string skill, CancellationToken ct) =>
        await skills.FindOwnForUpdate(IdOrSlug.Parse(skill), ct) is { } own ? own
        : await skills.Find(IdOrSlug.Parse(skill), ct) is null ? AgentErrors.SkillNotFound
        : ReadOnly;
}
