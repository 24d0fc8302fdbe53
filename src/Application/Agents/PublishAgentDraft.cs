using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Makes an agent's draft its next version; the draft is gone then.</summary>
/// <param name="IfUpdatedAt">The draft that the caller saw.</param>
[Requires("agents:write")]
public sealed record PublishAgentDraft(string Agent, string? Kind, string? SemanticVersion, string? Changelog, DateTimeOffset? IfUpdatedAt) : ICommand<AgentVersionView>;

file sealed class Handler(IAgents agents, IAgentDrafts drafts, IMediator mediator) : IRequestHandler<PublishAgentDraft, Result<AgentVersionView>>
{
    public async Task<Result<AgentVersionView>> Handle(PublishAgentDraft request, CancellationToken cancellationToken)
    {
        var found = await agents.FindToChange(request.Agent, request.Kind, null, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        if (await drafts.Find(found.Value.Id, cancellationToken) is not { } draft)
        {
            return DraftRules.NotFound;
        }

        if (request.IfUpdatedAt is { } seen && seen != draft.UpdatedAt)
        {
            return ETags.Stale;
        }

        var content = new VersionDraft(
            draft.Graph, draft.DefaultParams, draft.Model, draft.SystemPrompt, draft.InputSchema, draft.OutputSchema, request.SemanticVersion, request.Changelog);
        var made = await mediator.Send(new CreateAgentVersion(found.Value.Id.ToString(), request.Kind, content), cancellationToken);
        if (made.IsOk)
        {
            await drafts.Delete(found.Value.Id, cancellationToken);
        }

        return made;
    }
}
