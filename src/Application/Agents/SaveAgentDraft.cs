using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Keeps what an agent's next version will be. Of two who write at once, the second is told instead of overwriting the first.</summary>
/// <param name="IfUpdatedAt">The draft that the caller saw. Without it a draft is begun, and one that is there is not touched.</param>
/// <param name="Overwrites">Whatever is there.</param>
[Requires("agents:write")]
public sealed record SaveAgentDraft(string Agent, string? Kind, DraftContent Draft, DateTimeOffset? IfUpdatedAt, bool Overwrites = false) : ICommand<AgentDraftView>, IValidate
{
    public IEnumerable<FieldError> Validate() => DraftRules.Check(Draft);
}

file sealed class Handler(IAgents agents, IAgentDrafts drafts, IAudit audit) : IRequestHandler<SaveAgentDraft, Result<AgentDraftView>>
{
    public async Task<Result<AgentDraftView>> Handle(SaveAgentDraft request, CancellationToken cancellationToken)
    {
        var found = await agents.FindToChange(request.Agent, request.Kind, null, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var id = found.Value.Id;
        var former = await drafts.Find(id, cancellationToken);
        if (!request.Overwrites && former?.UpdatedAt != request.IfUpdatedAt)
        {
            return ETags.Stale;
        }

        if (request.Draft.BaseVersionId is { } version && await agents.FindVersion(id, new VersionName(version, null, IsLatest: false), cancellationToken) is null)
        {
            return Error.Invalid("/base_version_id", "version_not_found", "The agent has no such version.");
        }

        await drafts.Put(id, request.Draft, cancellationToken);
        if (former is null)
        {
            // That somebody began, not every word that they type: a draft is saved every second, and does nothing.
            audit.Record("agent.draft_begun", "agent", id.ToString(), after: new { request.Draft.BaseVersionId });
        }

        return (await drafts.Find(id, cancellationToken))!;
    }
}
