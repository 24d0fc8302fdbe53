using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <param name="Version">Its number, its id, or <c>latest</c> (the highest active one).</param>
[Requires("skills:read")]
public sealed record GetSkillVersion(string Skill, string Version) : IQuery<SkillVersionView>;
