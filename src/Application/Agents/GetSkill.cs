using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <param name="Skill">Id or slug.</param>
[Requires("skills:read")]
public sealed record GetSkill(string Skill) : IQuery<SkillView>;
