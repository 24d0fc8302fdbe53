using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Throws a draft away.</summary>
[Requires("agents:write")]
public sealed record DeleteAgentDraft(string Agent, string? Kind, DateTimeOffset? IfUpdatedAt) : ICommand<Unit>;

file sealed class Handler(IAgents agents, IAgentDrafts drafts, IAudit audit) : IRequestHandler<DeleteAgentDraft, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(DeleteAgentDraft request, CancellationToken cancellationToken)
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

        await drafts.Delete(found.Value.Id, cancellationToken);
        audit.Record("agent.draft_discarded", "agent", found.Value.Id.ToString(), before: new { draft.BaseVersionId, draft.UpdatedBy, draft.UpdatedAt });
        return Unit.Value;
    }
}
