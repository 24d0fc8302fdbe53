using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using Dapper;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

file sealed class Handler(DataSources sources) : IRequestHandler<ListTenantStandings, Result<IReadOnlyList<TenantReference>>>
{
    const string Sql = "select id, status, plan from tenants.tenants where id = any(@ids)";

    public async Task<Result<IReadOnlyList<TenantReference>>> Handle(ListTenantStandings request, CancellationToken cancellationToken)
    {
        await using var connection = await sources.Engine.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<TenantReference>(new CommandDefinition(Sql, new { ids = request.Ids.ToArray() }, cancellationToken: cancellationToken));
        return Result<IReadOnlyList<TenantReference>>.Ok(rows.AsList());
    }
}
