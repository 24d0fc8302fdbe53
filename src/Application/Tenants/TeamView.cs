namespace AgentPlatform.Application.Tenants;

public sealed record TeamView(Guid Id, string Slug, string Name, string? Description, int MemberCount, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <param name="Role">lead or member; what that means is the team's own affair.</param>
public sealed record TeamMemberView(Guid UserId, string Email, string Name, string Role, DateTimeOffset CreatedAt);

static class TeamRules
{
    public static IEnumerable<Domain.Shared.FieldError> Check(string? slug, string? name, string? description)
    {
        if (slug is not null && Domain.Shared.Slug.Check("/slug", slug) is { } fault)
        {
            yield return fault;
        }

        if (name is { Length: 0 or > 200 })
        {
            yield return new("/name", "length", "A name has 1 to 200 characters.");
        }

        if (description is { Length: > 2000 })
        {
            yield return new("/description", "length", "A description has at most 2000 characters.");
        }
    }
}
