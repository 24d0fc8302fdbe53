using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Gives an agent's model a skill as a tool, or changes its place.</summary>
/// <param name="Priority">0 to 1000; the lowest is offered first.</param>
[Requires("agents:write")]
public sealed record BindSkill(string Agent, string? Kind, string Skill, int Priority = 0, bool Enabled = true) : ICommand<AgentSkillView>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
        Priority is >= 0 and <= 1000 ? [] : [new FieldError("/priority", "out_of_range", "A number between 0 and 1000.")];
}

/// <param name="Slug">Of the skill.</param>
public sealed record AgentSkillView(Guid SkillId, string Slug, string Name, string Type, int Priority, bool Enabled, DateTimeOffset AddedAt);

file sealed class Handler(IAgents agents, ISkills skills, IAudit audit) : IRequestHandler<BindSkill, Result<AgentSkillView>>
{
    public async Task<Result<AgentSkillView>> Handle(BindSkill request, CancellationToken cancellationToken)
    {
        var found = await agents.FindToChange(request.Agent, request.Kind, null, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        if (await skills.Find(IdOrSlug.Parse(request.Skill), cancellationToken) is not { } skill)
        {
            return AgentErrors.SkillNotFound;
        }

        var (before, after) = await agents.BindSkill(found.Value.Id, skill.Id, request.Priority, request.Enabled, cancellationToken);
        if (before is null || (before.Priority, before.Enabled) != (after.Priority, after.Enabled))
        {
            audit.Record(
                "agent.skill_bound",
                "agent",
                found.Value.Id.ToString(),
                before is null ? null : new { skill.Slug, before.Priority, before.Enabled },
                new { skill.Slug, after.Priority, after.Enabled });
        }

        return new AgentSkillView(skill.Id, skill.Slug, skill.Name, skill.Type, after.Priority, after.Enabled, after.AddedAt);
    }
}
