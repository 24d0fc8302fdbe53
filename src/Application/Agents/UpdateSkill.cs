using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Changes what is given of a skill of the tenant's own; null clears. What it does is in its versions.</summary>
[Requires("skills:write")]
public sealed record UpdateSkill(string Skill, SkillPatch Patch, DateTimeOffset? IfUpdatedAt) : ICommand<SkillView>;

public sealed record SkillPatch
{
    public Optional<string> Name { get; init; }

    public Optional<string> Description { get; init; }

    public Optional<string> Category { get; init; }

    /// <summary>A skill that is not active resolves in no new graph; versions of agents that were made before keep it.</summary>
    public Optional<bool?> IsActive { get; init; }

    public Optional<string[]> Tags { get; init; }

    internal SkillFields Over(SkillView skill) => new(
        Name.Or(skill.Name), Description.Or(skill.Description), Category.Or(skill.Category), IsActive.Or(skill.IsActive) ?? false, Tags.Or(skill.Tags) ?? []);
}

sealed record SkillFields(string? Name, string? Description, string? Category, bool IsActive, IReadOnlyList<string> Tags)
{
    public IEnumerable<FieldError> Check() =>
    [
        .. FieldChecks.RequiredText("/name", Name, 3, 255),
        .. FieldChecks.Text("/description", Description, 1, 4000),
        .. Category is null ? [FieldChecks.Required("/category")] : FieldChecks.OneOf("/category", Category, SkillRules.Categories),
        .. FieldChecks.Labels("/tags", Tags),
    ];
}

file sealed class Handler(ISkills skills, IAudit audit) : IRequestHandler<UpdateSkill, Result<SkillView>>
{
    public async Task<Result<SkillView>> Handle(UpdateSkill request, CancellationToken cancellationToken)
    {
        var found = await skills.FindToChange(request.Skill, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var before = found.Value;
        if (request.IfUpdatedAt is { } seen && seen != before.UpdatedAt)
        {
            return ETags.Stale;
        }

        var fields = request.Patch.Over(before);
        if (fields.Check().ToList() is { Count: > 0 } faults)
        {
            return Error.Invalid(faults);
        }

        await skills.Update(before.Id, fields, cancellationToken);
        if (await skills.SetTags(before.Id, fields.Tags, cancellationToken) is { Count: > 0 } unknown)
        {
            return AgentErrors.UnknownTags(fields.Tags, unknown);
        }

        audit.Record("skill.updated", "skill", before.Id.ToString(), new SkillPatch().Over(before), fields);
        return (await skills.Find(new IdOrSlug(before.Id, null), cancellationToken))!;
    }
}
