using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

static class TenantQueries
{
    public const string Current = """
        select id, slug, name, description, status, plan, owner_user_id, contact_email, contact_name, settings, metadata, created_at, updated_at
        from tenants.tenants where id = tenants.current_tenant_id()
        """;
}

file sealed class GetTenantHandler(Db db) : IRequestHandler<GetTenant, Result<TenantView>>
{
    public async Task<Result<TenantView>> Handle(GetTenant request, CancellationToken cancellationToken) =>
        await db.One<TenantView>(TenantQueries.Current, ct: cancellationToken) is { } tenant ? tenant : Error.NotFound("tenant");
}

file sealed class GetTenantPlanHandler(Db db) : IRequestHandler<GetTenantPlan, Result<string>>
{
    public async Task<Result<string>> Handle(GetTenantPlan request, CancellationToken cancellationToken) =>
        await db.One<string>("select plan from tenants.tenants where id = tenants.current_tenant_id()", ct: cancellationToken) is { } plan ? plan : Error.NotFound("tenant");
}

file sealed class FindTenantBySlugHandler(Db db) : IRequestHandler<FindTenantBySlug, Result<TenantReference?>>
{
    public async Task<Result<TenantReference?>> Handle(FindTenantBySlug request, CancellationToken cancellationToken) => Slug.IsValid(request.Slug)
        ? await db.One<TenantReference>("select id, status, plan from tenants.find_tenant_by_slug(@Slug)", request, cancellationToken)
        : Result<TenantReference?>.Ok(null);
}
