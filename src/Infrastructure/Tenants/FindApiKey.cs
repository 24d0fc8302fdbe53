using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

file sealed class Handler(Db db) : IRequestHandler<FindApiKey, Result<Guid>>
{
    const string Sql = "select id from tenants.api_keys where tenant_id = tenants.current_tenant_id() and id = @id";

    public async Task<Result<Guid>> Handle(FindApiKey request, CancellationToken cancellationToken) =>
        await db.One<Guid?>(Sql, new { id = request.Id }, cancellationToken) is { } id ? id : Error.NotFound("api_key");
}
