using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;
using Npgsql;

namespace AgentPlatform.Infrastructure.Integrations;

static class IntegrationSql
{
    public const string Columns = """
        id, slug, name, description, auth_type, spec, tenant_id = '00000000-0000-0000-0000-000000000000' as is_platform, is_active, created_at, updated_at
        """;
}

sealed class IntegrationStore(Db db, CallContext call) : IIntegrations
{
    const string FindSql = $"""
        select {IntegrationSql.Columns} from integrations.integrations
        where tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000') and (slug = @slug or id = @id) and is_active
        order by tenant_id = @tenant desc
        limit 1
        """;

    const string AddSql = """
        insert into integrations.integrations (tenant_id, id, slug, name, description, auth_type, spec, created_by)
        values (@tenant, @id, @slug, @name, @description, @type, @spec::jsonb, @creator)
        """;

    public Task<IntegrationView?> Find(string slug, CancellationToken ct) =>
        db.One<IntegrationView>(FindSql, new { tenant = call.Tenant, slug, id = Guid.TryParseExact(slug, "D", out var id) ? id : default(Guid?) }, ct);

    public async Task<bool> Add(Guid id, CreateIntegration integration, CancellationToken ct)
    {
        try
        {
            await db.Execute(AddSql, new
            {
                tenant = call.Tenant,
                id,
                slug = integration.Slug,
                name = integration.Name,
                description = integration.Description,
                type = integration.AuthType,
                spec = integration.Spec.GetRawText(),
                creator = call.UserId,
            }, ct);
            return true;
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "integrations_slug_key" })
        {
            return false;
        }
    }
}

file sealed class GetHandler(IIntegrations integrations) : IRequestHandler<GetIntegration, Result<IntegrationView>>
{
    public async Task<Result<IntegrationView>> Handle(GetIntegration request, CancellationToken cancellationToken) =>
        Slug.IsValid(request.Slug) && await integrations.Find(request.Slug, cancellationToken) is { } found ? found : IntegrationErrors.NotFound;
}

file sealed class ListHandler(Db db, CallContext call) : IRequestHandler<ListIntegrations, Result<Page<IntegrationView>>>
{
    const string ListName = "integrations";

    const string Sql = $"""
        select {IntegrationSql.Columns} from integrations.integrations
        where tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000') and is_active and (@after::uuid is null or id < @after)
        order by id desc
        limit @take
        """;

    public async Task<Result<Page<IntegrationView>>> Handle(ListIntegrations request, CancellationToken cancellationToken)
    {
        var cursor = IdCursor.Decode(call.Tenant, ListName, request.Page.Cursor);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        var rows = await db.Query<IntegrationView>(Sql, new { tenant = call.Tenant, after = cursor.Value, take = request.Page.Size + 1 }, cancellationToken);
        return Page<IntegrationView>.Of(rows, request.Page.Size, last => IdCursor.Encode(call.Tenant, ListName, last.Id));
    }
}
