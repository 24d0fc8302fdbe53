using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(IAgents agents) : IRequestHandler<DiffAgentVersions, Result<AgentVersionDiff>>
{
    public async Task<Result<AgentVersionDiff>> Handle(DiffAgentVersions request, CancellationToken cancellationToken)
    {
        if (await agents.Find(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is not { } agent)
        {
            return AgentErrors.AgentNotFound;
        }

        var from = await agents.FindVersion(agent.Id, VersionName.Parse(request.From), cancellationToken);
        var to = await agents.FindVersion(agent.Id, VersionName.Parse(request.To), cancellationToken);
        return from is null || to is null
            ? AgentErrors.VersionNotFound
            : new AgentVersionDiff(
                from.SemanticVersion,
                to.SemanticVersion,
                from.ContentHash == to.ContentHash,
                GraphChanges.Between(from.Graph, to.Graph),
                JsonDiff.Between(Settings(from), Settings(to)),
                JsonDiff.Between(Pins(from), Pins(to)));
    }

    static JsonElement Settings(AgentVersionView version) => JsonSerializer.SerializeToElement(
        new Dictionary<string, object?>
        {
            ["default_params"] = version.DefaultParams,
            ["model"] = version.Model,
            ["system_prompt"] = version.SystemPrompt,
            ["input_schema"] = version.InputSchema,
            ["output_schema"] = version.OutputSchema,
        }.Where(m => m.Value is not null).ToDictionary());

    static JsonElement Pins(AgentVersionView version) => JsonSerializer.SerializeToElement(
        version.Skills.EnumerateArray().ToDictionary(p => p.GetProperty("reference").GetString()!, p => p.GetProperty("version")));
}
