using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

file sealed class ListMembersHandler(Db db, CallContext call) : IRequestHandler<ListMembers, Result<Page<MemberView>>>
{
    const string List = """
        select m.user_id, u.email, u.name, u.avatar_url, m.role, m.permissions, m.status, u.last_login_at, m.created_at, m.updated_at
        from tenants.memberships m join tenants.users u on u.id = m.user_id
        where m.tenant_id = tenants.current_tenant_id() and (@After::uuid is null or m.user_id > @After::uuid)
        order by m.user_id limit @Limit
        """;

    public async Task<Result<Page<MemberView>>> Handle(ListMembers request, CancellationToken cancellationToken)
    {
        var after = IdCursor.Decode(call.Tenant, "members", request.Page.Cursor);
        return after.IsOk
            ? Page<MemberView>.Of(
                await db.Query<MemberView>(List, new { After = after.Value, Limit = request.Page.Size + 1 }, cancellationToken),
                request.Page.Size, member => IdCursor.Encode(call.Tenant, "members", member.UserId))
            : after.Error;
    }
}

file sealed class GetMemberHandler(Db db) : IRequestHandler<GetMember, Result<MemberView>>
{
    const string Find = """
        select m.user_id, u.email, u.name, u.avatar_url, m.role, m.permissions, m.status, u.last_login_at, m.created_at, m.updated_at
        from tenants.memberships m join tenants.users u on u.id = m.user_id
        where m.tenant_id = tenants.current_tenant_id() and m.user_id = @UserId
        """;

    public async Task<Result<MemberView>> Handle(GetMember request, CancellationToken cancellationToken) =>
        await db.One<MemberView>(Find, request, cancellationToken) is { } member ? member : Error.NotFound("member");
}

file sealed class ListRolesHandler(Db db, Domain.Tenants.RoleCatalog catalog) : IRequestHandler<ListRoles, Result<RoleList>>
{
    // As they are in force, which is what the database says.
    const string List = """
        select name, description, permissions from tenants.roles
        where tenant_id = '00000000-0000-0000-0000-000000000000' order by cardinality(permissions), name
        """;

    public async Task<Result<RoleList>> Handle(ListRoles request, CancellationToken cancellationToken) => new RoleList(
        await db.Query<RoleView>(List, ct: cancellationToken),
        [.. catalog.Permissions.Select(permission => new PermissionView(permission.Key, permission.Value))]);
}
