using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>For other modules: whom a task of the tenant is given to. It refuses with <c>member_not_found</c> or <c>team_not_found</c>.</summary>
/// <param name="Person">Id or e-mail address of an active member; null for nobody in particular.</param>
/// <param name="Team">Id or slug; null for none.</param>
// No permission of its own: only the run engine sends it, on behalf of a run of the tenant; row-level security holds.
[AllowAnonymousRequest]
public sealed record FindAssignee(string? Person, string? Team) : IQuery<Assignee>;

public sealed record Assignee(Guid? UserId, Guid? TeamId);
