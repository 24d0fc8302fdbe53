using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// Gives an agent a new version, which is its latest from then on. A version is whole: what is left out is not taken over from the one before.
/// The same content again is refused as <c>no_change</c>, unless a number is asked for (a release of the same).
/// </summary>
[Requires("agents:write")]
public sealed record CreateAgentVersion(string Agent, string? Kind, VersionDraft Draft, DateTimeOffset? IfUpdatedAt = null)
    : ICommand<AgentVersionView>
{
    // Not IValidate: the graph's errors are said together with these.
    internal IReadOnlyList<FieldError> Check() =>
    [
        .. Draft.Content.IsEmpty ? [new FieldError("/graph", "required", "A version needs a graph, or a model and a system prompt.")] : Draft.Content.Check(),
        .. VersionNumbers.Check(Draft.SemanticVersion),
        .. VersionNumbers.CheckChangelog(Draft.Changelog),
    ];
}

/// <param name="Model"><c>{vendor?, model, temperature? 0..2, max_tokens?}</c>.</param>
/// <param name="SemanticVersion">Higher than the latest; the next minor when not given.</param>
public sealed record VersionDraft(
    JsonElement? Graph = null,
    JsonElement? DefaultParams = null,
    JsonElement? Model = null,
    string? SystemPrompt = null,
    JsonElement? InputSchema = null,
    JsonElement? OutputSchema = null,
    string? SemanticVersion = null,
    string? Changelog = null)
{
    internal VersionContent Content => new(Graph, DefaultParams, Model, SystemPrompt, InputSchema, OutputSchema);
}

file sealed class Handler(IAgents agents, VersionMaker versions, IAudit audit) : IRequestHandler<CreateAgentVersion, Result<AgentVersionView>>
{
    static readonly Error NoChange = Error.Conflict("no_change", "The latest version does exactly this already.");

    public async Task<Result<AgentVersionView>> Handle(CreateAgentVersion request, CancellationToken cancellationToken)
    {
        var found = await agents.FindToChange(request.Agent, request.Kind, request.IfUpdatedAt, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var (agent, draft) = (found.Value, request.Draft);
        if (draft.Content.IsEmpty)
        {
            return Error.Invalid(request.Check());
        }

        var made = await versions.Make(agent.Id, agent.LatestVersion, draft.Content, draft.SemanticVersion, draft.Changelog, request.Check(), cancellationToken);
        if (!made.IsOk)
        {
            return made.Error;
        }

        var version = made.Value.Version;
        if (draft.SemanticVersion is null && await agents.LatestContentHash(agent.Id, cancellationToken) == version.ContentHash)
        {
            return NoChange;
        }

        await agents.AddVersion(version, cancellationToken);
        audit.Record("agent.version_created", "agent", agent.Id.ToString(), new { agent.LatestVersion }, new { version.SemanticVersion, version.ContentHash });
        var view = (await agents.FindVersion(agent.Id, new VersionName(version.Id, null, IsLatest: false), cancellationToken))!;
        return view with { Warnings = made.Value.Warnings };
    }
}
