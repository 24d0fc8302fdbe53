using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<GetOwnSlug, Result<string>>
{
    const string Sql = "select slug from tenants.tenants where id = @tenant";

    public async Task<Result<string>> Handle(GetOwnSlug request, CancellationToken cancellationToken) =>
        await db.One<string>(Sql, new { tenant = call.Tenant }, cancellationToken) is { } slug ? slug : Error.NotFound("tenant");
}
