using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(ISkills skills) : IRequestHandler<GetSkill, Result<SkillView>>
{
    public async Task<Result<SkillView>> Handle(GetSkill request, CancellationToken cancellationToken) =>
        await skills.Find(IdOrSlug.Parse(request.Skill), cancellationToken) is { } skill ? skill : AgentErrors.SkillNotFound;
}
