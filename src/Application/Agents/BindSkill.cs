using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Gives an agent's model a skill as a tool, or changes its place and its terms.</summary>
[Requires("agents:write")]
public sealed record BindSkill(string Agent, string? Kind, string Skill, ToolSettings Settings) : ICommand<AgentSkillView>, IValidate
{
    public IEnumerable<FieldError> Validate() => Settings.Check("");
}

/// <param name="Slug">Of the skill.</param>
public sealed record AgentSkillView(
    Guid SkillId,
    string Slug,
    string Name,
    string Type,
    int Priority,
    bool Enabled,
    string Approval,
    int? TimeoutMs,
    int? MaxCalls,
    string? Credential,
    string? Assignee,
    string? Team,
    DateTimeOffset AddedAt);

file sealed class Handler(IAgents agents, ISkills skills, IMediator mediator, IAudit audit) : IRequestHandler<BindSkill, Result<AgentSkillView>>
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

        if (skill.IsPlatform && (skill.Type == "agent" || (skill.Type == "builtin" && ResolvedSkill.Steers(skill.Slug))))
        {
            return AgentErrors.NotATool(skill.Slug);
        }

        // It is looked for again whenever somebody is asked; here a mistake is said to who makes it.
        if (await mediator.Send(new FindAssignee(request.Settings.Assignee, request.Settings.Team), cancellationToken) is { IsOk: false, Error: var nobody })
        {
            return Error.Invalid(nobody.Code == "team_not_found" ? "/team" : "/assignee", nobody.Code, nobody.Message);
        }

        var (before, after) = await agents.BindSkill(found.Value.Id, skill.Id, request.Settings, cancellationToken);
        if (before?.Settings != after.Settings)
        {
            audit.Record(
                "agent.skill_bound",
                "agent",
                found.Value.Id.ToString(),
                before is null ? null : new { skill.Slug, before.Settings },
                new { skill.Slug, after.Settings });
        }

        var (priority, enabled, approval, timeoutMs, maxCalls, credential, assignee, team) = after.Settings;
        return new AgentSkillView(skill.Id, skill.Slug, skill.Name, skill.Type, priority, enabled, approval, timeoutMs, maxCalls, credential, assignee, team, after.AddedAt);
    }
}
