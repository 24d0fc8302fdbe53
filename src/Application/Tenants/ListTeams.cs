using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>The tenant's teams, the oldest first.</summary>
[Requires("members:read")]
public sealed record ListTeams(PageRequest Page) : IQuery<Page<TeamView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => PageFaults.Of(Page);
}

[Requires("members:read")]
public sealed record GetTeam(Guid Id) : IQuery<TeamView>;

/// <summary>Who is in a team.</summary>
[Requires("members:read")]
public sealed record ListTeamMembers(Guid TeamId, PageRequest Page) : IQuery<Page<TeamMemberView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => PageFaults.Of(Page);
}
