using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Activates a version of a skill (which ends a deprecation), or deprecates it: graphs that name it still compile, with a warning.</summary>
/// <param name="Message">What to use instead; only with a deprecation.</param>
[Requires("skills:write")]
public sealed record SetSkillVersionStanding(string Skill, string Version, bool IsDeprecated, string? Message = null) : ICommand<SkillVersionView>, IValidate
{
    public IEnumerable<FieldError> Validate() => FieldChecks.Text("/message", Message, 1, 1000);
}

file sealed class Handler(ISkills skills, IAudit audit) : IRequestHandler<SetSkillVersionStanding, Result<SkillVersionView>>
{
    public async Task<Result<SkillVersionView>> Handle(SetSkillVersionStanding request, CancellationToken cancellationToken)
    {
        var found = await skills.FindToChange(request.Skill, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        if (await skills.FindVersion(found.Value.Id, VersionName.Parse(request.Version), cancellationToken) is not { } before)
        {
            return AgentErrors.VersionNotFound;
        }

        var after = before with
        {
            IsActive = !request.IsDeprecated,
            IsDeprecated = request.IsDeprecated,
            DeprecationMessage = request.IsDeprecated ? request.Message : null,
        };
        if ((after.IsActive, after.DeprecationMessage) == (before.IsActive, before.DeprecationMessage) && after.IsDeprecated == before.IsDeprecated)
        {
            return before;
        }

        await skills.SetStanding(before.Id, after.IsActive, after.IsDeprecated, after.DeprecationMessage, cancellationToken);
        audit.Record(
            request.IsDeprecated ? "skill.version_deprecated" : "skill.version_activated",
            "skill",
            found.Value.Id.ToString(),
            new { before.SemanticVersion, before.IsActive, before.IsDeprecated, before.DeprecationMessage },
            new { after.SemanticVersion, after.IsActive, after.IsDeprecated, after.DeprecationMessage });
        return after;
    }
}
