using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<GetAccount, Result<AccountView>>
{
    const string Person = """
        select id, email, username, name, avatar_url, email_verified_at, last_login_at, created_at
        from tenants.users where id = tenants.current_user_id()
        """;

    const string Tenants = """
        select t.id, t.slug, t.name, m.role
        from tenants.memberships m join tenants.tenants t on t.id = m.tenant_id and t.status = 'active'
        where m.user_id = tenants.current_user_id() and m.status = 'active'
        order by t.name, t.id limit 200
        """;

    public async Task<Result<AccountView>> Handle(GetAccount request, CancellationToken cancellationToken)
    {
        var person = await db.One<UserView>(Person, ct: cancellationToken);
        if (person is null)
        {
            return Error.NotFound("user");
        }

        var tenants = await db.Query<TenantSummary>(Tenants, ct: cancellationToken);
        var tenant = call.TenantId is null ? null : await db.One<TenantView>(TenantQueries.Current, ct: cancellationToken);
        return new AccountView(person, tenant, tenants.FirstOrDefault(known => known.Id == call.TenantId)?.Role, call.Permissions.Grants, tenants);
    }
}
