using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Agents.Definitions;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(IAgents agents) : IRequestHandler<GetAgentDefinition, Result<ExportedDefinition>>
{
    public async Task<Result<ExportedDefinition>> Handle(GetAgentDefinition request, CancellationToken cancellationToken)
    {
        if (await agents.Find(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is not { } agent)
        {
            return AgentErrors.AgentNotFound;
        }

        if (await agents.FindVersion(agent.Id, new VersionName(null, null, IsLatest: true), cancellationToken) is not { } version)
        {
            return AgentErrors.NoVersion;
        }

        var definition = new AgentDefinition(
            agent.Slug,
            agent.Kind,
            new AgentPatch().Over(agent),
            version.SemanticVersion,
            version.Changelog,
            version.Model,
            version.SystemPrompt,
            version.DefaultParams,
            version.InputSchema,
            version.OutputSchema,
            version.Graph,
            await agents.Skills(agent.Id, cancellationToken));
        return new ExportedDefinition(definition, version.ContentHash, agent.UpdatedAt);
    }
}
