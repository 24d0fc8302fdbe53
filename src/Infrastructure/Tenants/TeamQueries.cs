using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

file sealed class List(Db db, CallContext call) : IRequestHandler<ListTeams, Result<Page<TeamView>>>
{
    const string Sql = $"""
        select {TeamSql.Columns} from tenants.teams t
        where t.tenant_id = tenants.current_tenant_id() and (@After::uuid is null or t.id > @After::uuid)
        order by t.id limit @Limit
        """;

    public async Task<Result<Page<TeamView>>> Handle(ListTeams request, CancellationToken cancellationToken)
    {
        var after = IdCursor.Decode(call.Tenant, "teams", request.Page.Cursor);
        return after.IsOk
            ? Page<TeamView>.Of(
                await db.Query<TeamView>(Sql, new { After = after.Value, Limit = request.Page.Size + 1 }, cancellationToken),
                request.Page.Size, team => IdCursor.Encode(call.Tenant, "teams", team.Id))
            : after.Error;
    }
}

file sealed class Get(Db db) : IRequestHandler<GetTeam, Result<TeamView>>
{
    public async Task<Result<TeamView>> Handle(GetTeam request, CancellationToken cancellationToken) =>
        await db.One<TeamView>(TeamSql.One, new { id = request.Id }, cancellationToken) is { } team ? team : TenantErrors.TeamNotFound;
}

file sealed class ListMembersOf(Db db, CallContext call) : IRequestHandler<ListTeamMembers, Result<Page<TeamMemberView>>>
{
    const string Exists = "select id from tenants.teams where tenant_id = tenants.current_tenant_id() and id = @id";

    const string Sql = """
        select m.user_id, u.email, u.name, m.role, m.created_at
        from tenants.team_members m join tenants.users u on u.id = m.user_id
        where m.tenant_id = tenants.current_tenant_id() and m.team_id = @Team and (@After::uuid is null or m.user_id > @After::uuid)
        order by m.user_id limit @Limit
        """;

    public async Task<Result<Page<TeamMemberView>>> Handle(ListTeamMembers request, CancellationToken cancellationToken)
    {
        var after = IdCursor.Decode(call.Tenant, "team_members", request.Page.Cursor);
        if (!after.IsOk)
        {
            return after.Error;
        }

        return await db.One<Guid?>(Exists, new { id = request.TeamId }, cancellationToken) is null
            ? TenantErrors.TeamNotFound
            : Page<TeamMemberView>.Of(
                await db.Query<TeamMemberView>(Sql, new { Team = request.TeamId, After = after.Value, Limit = request.Page.Size + 1 }, cancellationToken),
                request.Page.Size, member => IdCursor.Encode(call.Tenant, "team_members", member.UserId));
    }
}

file sealed class OwnTeams(Db db) : IRequestHandler<GetOwnTeams, Result<IReadOnlyList<Guid>>>
{
    const string Sql = "select team_id from tenants.team_members where tenant_id = tenants.current_tenant_id() and user_id = tenants.current_user_id()";

    public async Task<Result<IReadOnlyList<Guid>>> Handle(GetOwnTeams request, CancellationToken cancellationToken) =>
        Result<IReadOnlyList<Guid>>.Ok(await db.Query<Guid>(Sql, ct: cancellationToken));
}

file sealed class Assignees(Db db) : IRequestHandler<FindAssignee, Result<Assignee>>
{
    const string Sql = """
        select
          (select m.user_id from tenants.memberships m join tenants.users u on u.id = m.user_id
            where m.tenant_id = tenants.current_tenant_id() and m.status = 'active' and (m.user_id::text = @person or u.email = @person)) as user_id,
          (select t.id from tenants.teams t where t.tenant_id = tenants.current_tenant_id() and (t.id::text = @team or t.slug = @team)) as team_id
        """;

    public async Task<Result<Assignee>> Handle(FindAssignee request, CancellationToken cancellationToken)
    {
        var (person, team) = (Known(request.Person), Known(request.Team));
        var found = await db.One<Assignee>(Sql, new { person, team }, cancellationToken);
        return request.Person is not null && found?.UserId is null ? Error.NotFound("member")
            : request.Team is not null && found?.TeamId is null ? TenantErrors.TeamNotFound
            : found!;
    }

    /// <summary>Ids, addresses and slugs are kept in lower case; a text with NUL cannot be sent and is nobody's.</summary>
    static string? Known(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true ? null : text?.ToLowerInvariant();
}
