using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Changes what is given; null clears. Slug and kind stay what they are: other things refer to them.</summary>
[Requires("agents:write")]
public sealed record UpdateAgent(string Agent, string? Kind, AgentPatch Patch, DateTimeOffset? IfUpdatedAt) : ICommand<AgentView>;

public sealed record AgentPatch
{
    public Optional<string> Name { get; init; }

    public Optional<string> Description { get; init; }

    public Optional<string> Category { get; init; }

    public Optional<string> Icon { get; init; }

    public Optional<string[]> Tags { get; init; }

    public Optional<string[]> Capabilities { get; init; }

    public Optional<string[]> Features { get; init; }

    public Optional<bool?> IsPublic { get; init; }

    public Optional<bool?> MemoryEnabled { get; init; }

    public Optional<JsonElement?> Limits { get; init; }

    public Optional<JsonElement?> Metadata { get; init; }

    internal AgentFields Over(AgentView agent) => new(
        Name.Or(agent.Name),
        Description.Or(agent.Description),
        Category.Or(agent.Category),
        Icon.Or(agent.Icon),
        Tags.Or(agent.Tags) ?? [],
        Capabilities.Or(agent.Capabilities) ?? [],
        Features.Or(agent.Features) ?? [],
        IsPublic.Or(agent.IsPublic) ?? false,
        MemoryEnabled.Or(agent.MemoryEnabled) ?? false,
        Limits.Or(agent.Limits) ?? AgentFields.EmptyObject,
        Metadata.Or(agent.Metadata) ?? AgentFields.EmptyObject);
}

file sealed class Handler(IAgents agents, IAudit audit) : IRequestHandler<UpdateAgent, Result<AgentView>>
{
    public async Task<Result<AgentView>> Handle(UpdateAgent request, CancellationToken cancellationToken)
    {
        var found = await agents.FindToChange(request.Agent, request.Kind, request.IfUpdatedAt, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var before = found.Value;
        var fields = request.Patch.Over(before);
        if (await agents.Check(fields, cancellationToken) is { Count: > 0 } faults)
        {
            return Error.Invalid(faults);
        }

        await agents.Update(before.Id, fields, cancellationToken);
        var after = (await agents.Find(new IdOrSlug(before.Id, null), null, cancellationToken))!;
        audit.Record("agent.updated", "agent", before.Id.ToString(), AgentSummary.Of(before), AgentSummary.Of(after));
        return after;
    }
}
