using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

sealed class Invitations(Db db) : IInvitations
{
    public async Task<InvitationView> Put(Guid id, string email, string role, byte[] tokenHash, CancellationToken ct) => (await db.One<InvitationView>("""
        insert into tenants.invitations as i (tenant_id, id, email, role, token_hash, invited_by, expires_at)
        values (tenants.current_tenant_id(), @id, @email, @role, @tokenHash, tenants.current_user_id(), now() + interval '7 days')
        on conflict (tenant_id, email) where accepted_at is null do update
          set role = excluded.role, token_hash = excluded.token_hash, invited_by = excluded.invited_by, expires_at = excluded.expires_at, updated_at = now()
        returning id, email, role, invited_by, 'open' as status, expires_at, created_at
        """, new { id, email, role, tokenHash }, ct))!;

    public Task<InvitationView?> Delete(Guid id, CancellationToken ct) => db.One<InvitationView>("""
        delete from tenants.invitations
        where tenant_id = tenants.current_tenant_id() and id = @id and accepted_at is null
        returning id, email, role, invited_by, case when expires_at > now() then 'open' else 'expired' end as status, expires_at, created_at
        """, new { id }, ct);

    public Task<OpenInvitation?> Find(byte[] tokenHash, CancellationToken ct) => db.One<OpenInvitation>("""
        select i.id, i.email, i.role, t.slug as tenant_slug
        from tenants.invitations i join tenants.tenants t on t.id = i.tenant_id and t.status = 'active'
        where i.tenant_id = tenants.current_tenant_id() and i.token_hash = @tokenHash and i.accepted_at is null and i.expires_at > now()
        """, new { tokenHash }, ct);

    public async Task<bool> TryAccept(Guid id, CancellationToken ct) => await db.Execute("""
        update tenants.invitations set accepted_at = now(), updated_at = now()
        where tenant_id = tenants.current_tenant_id() and id = @id and accepted_at is null and expires_at > now()
        """, new { id }, ct) == 1;
}

file sealed class ListHandler(Db db, CallContext call) : IRequestHandler<ListInvitations, Result<Page<InvitationView>>>
{
    const string List = """
        select id, email, role, invited_by, case when expires_at > now() then 'open' else 'expired' end as status, expires_at, created_at
        from tenants.invitations
        where tenant_id = tenants.current_tenant_id() and accepted_at is null and (@Before::uuid is null or id < @Before::uuid)
        order by id desc limit @Limit
        """;

    public async Task<Result<Page<InvitationView>>> Handle(ListInvitations request, CancellationToken cancellationToken)
    {
        var before = IdCursor.Decode(call.Tenant, "invitations", request.Page.Cursor);
        return before.IsOk
            ? Page<InvitationView>.Of(
                await db.Query<InvitationView>(List, new { Before = before.Value, Limit = request.Page.Size + 1 }, cancellationToken),
                request.Page.Size, invitation => IdCursor.Encode(call.Tenant, "invitations", invitation.Id))
            : before.Error;
    }
}
