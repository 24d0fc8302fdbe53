using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Adds a skill to the tenant's registry. It can be used once it has a version.</summary>
/// <param name="Tags">Slugs of tags that exist.</param>
[Requires("skills:write")]
public sealed record CreateSkill(string Slug, string Name, string Type, string Category, string? Description = null, string[]? Tags = null)
    : ICommand<SkillView>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
    [
        .. FieldChecks.Slug("/slug", Slug),
        .. FieldChecks.RequiredText("/name", Name, 3, 255),
        .. SkillRules.CheckType(Type),
        .. FieldChecks.OneOf("/category", Category, SkillRules.Categories),
        .. FieldChecks.Text("/description", Description, 1, 4000),
        .. FieldChecks.Labels("/tags", Tags),
    ];
}

file sealed class Handler(ISkills skills, TimeProvider time, IAudit audit) : IRequestHandler<CreateSkill, Result<SkillView>>
{
    public async Task<Result<SkillView>> Handle(CreateSkill request, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var skill = new NewSkill(id, request.Slug, request.Name, request.Description, request.Type, request.Category);
        if (!await skills.Add(skill, cancellationToken))
        {
            return AgentErrors.SlugTaken;
        }

        if (await skills.SetTags(id, request.Tags ?? [], cancellationToken) is { Count: > 0 } unknown)
        {
            return AgentErrors.UnknownTags(request.Tags!, unknown);
        }

        audit.Record("skill.created", "skill", id.ToString(), before: null, skill);
        return (await skills.Find(new IdOrSlug(id, null), cancellationToken))!;
    }
}
