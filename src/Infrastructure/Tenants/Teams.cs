using AgentPlatform.Application.Tenants;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;

namespace AgentPlatform.Infrastructure.Tenants;

static class TeamSql
{
    public const string Columns = """
        t.id, t.slug, t.name, t.description,
          (select count(*)::int from tenants.team_members m where m.tenant_id = t.tenant_id and m.team_id = t.id) as member_count, t.created_at, t.updated_at
        """;

    public const string One = $"select {Columns} from tenants.teams t where t.tenant_id = tenants.current_tenant_id() and t.id = @id";
}

sealed class Teams(Db db) : ITeams
{
    public Task<TeamView?> Find(Guid id, CancellationToken ct) => db.One<TeamView>(TeamSql.One, new { id }, ct);

    public async Task<bool> Add(Guid id, string slug, string name, string? description, CancellationToken ct) => await db.Execute("""
        insert into tenants.teams (tenant_id, id, slug, name, description) values (tenants.current_tenant_id(), @id, @slug, @name, @description)
        on conflict (tenant_id, slug) do nothing
        """, new { id, slug, name, description }, ct) == 1;

    public async Task<TeamOutcome> Update(UpdateTeam change, CancellationToken ct)
    {
        try
        {
            var changed = await db.Execute("""
                update tenants.teams
                set slug = coalesce(@Slug, slug), name = coalesce(@Name, name), description = coalesce(@Description, description), updated_at = now()
                where tenant_id = tenants.current_tenant_id() and id = @Id and (@Seen::timestamptz is null or updated_at = @Seen)
                """, change, ct);
            return changed == 1 ? TeamOutcome.Done : TeamOutcome.Stale;
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "teams_slug_key" })
        {
            return TeamOutcome.SlugTaken;
        }
    }

    public async Task<bool> Delete(Guid id, CancellationToken ct) =>
        await db.Execute("delete from tenants.teams where tenant_id = tenants.current_tenant_id() and id = @id", new { id }, ct) == 1;

    public async Task<TeamMemberView> PutMember(Guid teamId, Guid userId, string role, CancellationToken ct) => (await db.One<TeamMemberView>("""
        with put as (
          insert into tenants.team_members as m (tenant_id, team_id, user_id, role) values (tenants.current_tenant_id(), @teamId, @userId, @role)
          on conflict (tenant_id, team_id, user_id) do update set role = excluded.role, updated_at = now()
          returning m.user_id, m.role, m.created_at
        )
        select p.user_id, u.email, u.name, p.role, p.created_at from put p join tenants.users u on u.id = p.user_id
        """, new { teamId, userId, role }, ct))!;

    public async Task<bool> RemoveMember(Guid teamId, Guid userId, CancellationToken ct) => await db.Execute("""
        delete from tenants.team_members where tenant_id = tenants.current_tenant_id() and team_id = @teamId and user_id = @userId
        """, new { teamId, userId }, ct) == 1;
}
