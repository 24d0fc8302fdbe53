using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>Who belongs to the tenant, the longest members first.</summary>
[Requires("members:read")]
public sealed record ListMembers(PageRequest Page) : IQuery<Page<MemberView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => PageFaults.Of(Page);
}

/// <param name="Permissions">Grants beyond the role.</param>
/// <param name="Status">active or suspended.</param>
public sealed record MemberView(
    Guid UserId, string Email, string Name, string? AvatarUrl, string Role, string[] Permissions, string Status, DateTimeOffset? LastLoginAt,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

[Requires("members:read")]
public sealed record GetMember(Guid UserId) : IQuery<MemberView>;

static class PageFaults
{
    public static IEnumerable<FieldError> Of(PageRequest page) =>
        page.IsSizeValid ? [] : [new FieldError("/limit", "invalid_limit", $"limit is 1 to {PageRequest.MaxLimit}.")];

    /// <summary>PostgreSQL's text holds every character but NUL, and refuses a statement that sends it.</summary>
    public static IEnumerable<FieldError> OfText(string pointer, string? text) =>
        text?.Contains('\0', StringComparison.Ordinal) == true ? [new FieldError(pointer, "nul_character", "The character NUL cannot be stored, so nothing has it.")] : [];
}
