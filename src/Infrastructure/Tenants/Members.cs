using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Tenants;

sealed class Members(Db db) : IMembers
{
    public Task Lock(CancellationToken ct) =>
        db.Query<Guid>("select id from tenants.tenants where id = tenants.current_tenant_id() for no key update", ct: ct);

    public async Task<Membership?> Find(Guid userId, CancellationToken ct)
    {
        const string sql = """
            select user_id, role, permissions, status from tenants.memberships
            where tenant_id = tenants.current_tenant_id() and user_id = @userId
            """;
        return await db.One<Row>(sql, new { userId }, ct) is { } row ? new Membership(row.UserId, row.Role, row.Permissions, row.Status) : null;
    }

    public Task<int> CountOtherOwners(Guid userId, CancellationToken ct) => db.One<int>("""
        select count(*)::int from tenants.memberships m join tenants.users u on u.id = m.user_id and u.status = 'active' and u.deleted_at is null
        where m.tenant_id = tenants.current_tenant_id() and m.user_id <> @userId and m.role = 'owner' and m.status = 'active'
        """, new { userId }, ct);

    public async Task<bool> Add(Guid userId, string role, CancellationToken ct) => await db.Execute("""
        insert into tenants.memberships (tenant_id, user_id, role) values (tenants.current_tenant_id(), @userId, @role)
        on conflict (tenant_id, user_id) do nothing
        """, new { userId, role }, ct) == 1;

    public async Task<bool> HasEmail(string email, CancellationToken ct) => await db.One<bool>("""
        select exists (
          select from tenants.memberships m join tenants.users u on u.id = m.user_id
          where m.tenant_id = tenants.current_tenant_id() and u.email = @email)
        """, new { email }, ct);

    public Task Update(Membership membership, CancellationToken ct) => db.Execute("""
        update tenants.memberships
        set role = @Role, permissions = @Permissions, status = @Status, updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
        where tenant_id = tenants.current_tenant_id() and user_id = @UserId
        """, new { membership.UserId, membership.Role, Permissions = membership.Permissions.ToArray(), membership.Status }, ct);

    public Task Remove(Guid userId, CancellationToken ct) => db.Execute("""
        delete from tenants.memberships where tenant_id = tenants.current_tenant_id() and user_id = @userId;
        update tenants.api_keys set status = 'revoked', updated_at = now()
        where tenant_id = tenants.current_tenant_id() and user_id = @userId and status = 'active'
        """, new { userId }, ct);

    // Dapper matches constructors by exact types, and the domain's record says IReadOnlyList.
    sealed record Row(Guid UserId, string Role, string[] Permissions, string Status);
}
