using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using Dapper;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

file sealed class Handler(DataSources sources) : IRequestHandler<ListTenantIds, Result<IReadOnlyList<Guid>>>
{
    const string Sql = "select id from tenants.tenants where @after::uuid is null or id > @after order by id limit @take";

    public async Task<Result<IReadOnlyList<Guid>>> Handle(ListTenantIds request, CancellationToken cancellationToken)
    {
        await using var connection = await sources.Engine.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Guid>(new CommandDefinition(Sql, new { request.After, request.Take }, cancellationToken: cancellationToken));
        return Result<IReadOnlyList<Guid>>.Ok(rows.AsList());
    }
}
