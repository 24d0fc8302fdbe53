using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

[Requires("agents:write")]
public sealed record UnbindSkill(string Agent, string? Kind, string Skill) : ICommand<Unit>;

file sealed class Handler(IAgents agents, ISkills skills, IAudit audit) : IRequestHandler<UnbindSkill, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(UnbindSkill request, CancellationToken cancellationToken)
    {
        var found = await agents.FindToChange(request.Agent, request.Kind, null, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        if (await skills.Find(IdOrSlug.Parse(request.Skill), cancellationToken) is not { } skill
            || !await agents.UnbindSkill(found.Value.Id, skill.Id, cancellationToken))
        {
            return AgentErrors.SkillNotFound;
        }

        audit.Record("agent.skill_unbound", "agent", found.Value.Id.ToString(), new { skill.Slug });
        return Unit.Value;
    }
}
