using System.Text.RegularExpressions;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <param name="Color"><c>#RRGGBB</c>.</param>
[Requires("skills:write")]
public sealed partial record CreateTag(string Slug, string Name, string? Description = null, string? Color = null) : ICommand<TagView>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
    [
        .. FieldChecks.Slug("/slug", Slug),
        .. FieldChecks.RequiredText("/name", Name, 1, 255),
        .. FieldChecks.Text("/description", Description, 1, 4000),
        .. Color is null || ColorPattern().IsMatch(Color) ? [] : new[] { new FieldError("/color", "invalid_color", "A colour is written #RRGGBB.") },
    ];

    [GeneratedRegex(@"^#[0-9A-Fa-f]{6}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ColorPattern();
}

file sealed class Handler(ITags tags, TimeProvider time, IAudit audit) : IRequestHandler<CreateTag, Result<TagView>>
{
    public async Task<Result<TagView>> Handle(CreateTag request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var tag = new TagView(Guid.CreateVersion7(now), request.Slug, request.Name, request.Description, request.Color, IsActive: true, now);
        if (!await tags.Add(tag, cancellationToken))
        {
            return AgentErrors.SlugTaken;
        }

        audit.Record("tag.created", "tag", tag.Id.ToString(), before: null, new { tag.Slug, tag.Name, tag.Color });
        return tag;
    }
}
