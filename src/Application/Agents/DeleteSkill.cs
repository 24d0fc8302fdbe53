using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Deletes a skill of the tenant's own softly: no new graph resolves to it; versions of agents that were made before keep running.</summary>
[Requires("skills:write")]
public sealed record DeleteSkill(string Skill) : ICommand<Unit>;

file sealed class Handler(ISkills skills, IAudit audit) : IRequestHandler<DeleteSkill, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(DeleteSkill request, CancellationToken cancellationToken)
    {
        var found = await skills.FindToChange(request.Skill, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        await skills.Delete(found.Value.Id, cancellationToken);
        audit.Record("skill.deleted", "skill", found.Value.Id.ToString(), new { found.Value.Slug, found.Value.Name, found.Value.Type });
        return Unit.Value;
    }
}
