using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(ISkills skills) : IRequestHandler<GetSkillVersion, Result<SkillVersionView>>
{
    public async Task<Result<SkillVersionView>> Handle(GetSkillVersion request, CancellationToken cancellationToken) =>
        await skills.Find(IdOrSlug.Parse(request.Skill), cancellationToken) is not { } skill ? AgentErrors.SkillNotFound
        : await skills.FindVersion(skill.Id, VersionName.Parse(request.Version), cancellationToken) is { } version ? version
        : AgentErrors.VersionNotFound;
}
