using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db) : IRequestHandler<ListFeatures, Result<Page<FeatureView>>>
{
    const string Sql = "select id, name, description, category, icon from agents.features where is_active order by sort_order, id";

    public async Task<Result<Page<FeatureView>>> Handle(ListFeatures request, CancellationToken cancellationToken) =>
        new Page<FeatureView>(await db.Query<FeatureView>(Sql, ct: cancellationToken), null);
}
