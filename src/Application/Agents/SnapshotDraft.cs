using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// For test runs: stores what an agent's draft says now as a version that is in no list. It is as immutable as any other, so a run of it can be looked at,
/// forked and continued for as long as runs are kept. The same draft again is the same version.
/// </summary>
/// <param name="OnlyNode">Only this node and what it needs; what else is wrong with the draft does not matter then.</param>
/// <param name="Standing">Nodes whose outputs are given.</param>
// No permission of its own: only the run of a draft sends it, after it has checked the right to run.
[AllowAnonymousRequest]
public sealed record SnapshotDraft(string Agent, string? OnlyNode, IReadOnlySet<string> Standing) : ICommand<DraftSnapshot>;

/// <param name="Pinned">Of the draft: outputs by node.</param>
public sealed record DraftSnapshot(Guid AgentId, Guid VersionId, IReadOnlyDictionary<string, JsonElement> Pinned);

file sealed class Handler(IAgents agents, IAgentDrafts drafts, GraphChecker checker, TimeProvider time) : IRequestHandler<SnapshotDraft, Result<DraftSnapshot>>
{
    public async Task<Result<DraftSnapshot>> Handle(SnapshotDraft request, CancellationToken cancellationToken)
    {
        var found = await agents.FindToChange(request.Agent, null, null, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var agent = found.Value.Id;
        if (await drafts.Find(agent, cancellationToken) is not { } draft)
        {
            return DraftRules.NotFound;
        }

        var pinned = draft.Pinned.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        var graph = request.OnlyNode is { } node ? GraphExcerpt.Around(draft.Graph, node, request.Standing.Concat(pinned.Keys).ToHashSet(StringComparer.Ordinal)) : draft.Graph;
        if (graph is not { } told)
        {
            return Error.Invalid("/only_node", "node_not_found", $"The draft has no node {request.OnlyNode}.");
        }

        var verdict = await checker.Check(told, agent, cancellationToken);
        FieldError[] faults = [.. draft.Content.Check(), .. verdict.Errors.Select(p => p.At("/graph"))];
        if (faults.Length > 0)
        {
            return Error.Invalid(faults);
        }

        var version = Version(agent, draft.Content, told, verdict);
        var kept = await agents.FindVersion(agent, new VersionName(null, version.SemanticVersion, IsLatest: false), cancellationToken);
        if (kept is null)
        {
            await agents.AddSnapshot(version, cancellationToken);
        }

        return new DraftSnapshot(agent, kept?.Id ?? version.Id, pinned);
    }

    NewVersion Version(Guid agent, VersionContent content, JsonElement graph, GraphVerdict verdict)
    {
        var hash = content.Hash(graph);

        // The pins as well: the same text may resolve to other skills than it did the last time.
        var pins = string.Join(' ', verdict.Pins.Select(p => $"{p.Reference}={p.SkillVersionId:n}").Order(StringComparer.Ordinal));
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{hash} {pins}")).AsSpan(0, 12));
        return new NewVersion(
            Guid.CreateVersion7(time.GetUtcNow()), agent, VersionNumbers.Draft + name, graph, content.DefaultParams ?? Domain.Agents.AgentFields.EmptyObject, content.Model,
            content.SystemPrompt, content.InputSchema, content.OutputSchema, Changelog: null, hash, verdict.Pins, verdict.Calls);
    }
}
