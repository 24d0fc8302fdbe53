using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// Makes a second agent that does what the first one's latest version does, down to the skill versions it is pinned to. Its history starts
/// at 1.0.0. Bound skills come along; runs, favourites and counters do not.
/// </summary>
/// <param name="Slug">When not given, the first of <c>slug-copy</c>, <c>slug-copy-2</c> … that is free.</param>
[Requires("agents:write")]
public sealed record CloneAgent(string Agent, string? Kind, string? Slug = null, string? Name = null) : ICommand<AgentView>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
    [
        .. Slug is null ? [] : FieldChecks.Slug("/slug", Slug),
        .. FieldChecks.Text("/name", Name, 3, 255),
    ];
}

file sealed class Handler(IAgents agents, TimeProvider time, IAudit audit) : IRequestHandler<CloneAgent, Result<AgentView>>
{
    const string Suffix = "-copy";
    const int MaxSlug = 63;

    // Leaves room for "-999" after the suffix.
    const int MaxBase = MaxSlug - 4 - 5;

    public async Task<Result<AgentView>> Handle(CloneAgent request, CancellationToken cancellationToken)
    {
        if (await agents.Find(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is not { } source)
        {
            return AgentErrors.AgentNotFound;
        }

        var slug = request.Slug ?? await agents.FreeSlug(Shorten(source.Slug) + Suffix, cancellationToken);
        var fields = new AgentPatch().Over(source) with { Name = request.Name ?? source.Name };
        var clone = new NewAgent(Guid.CreateVersion7(time.GetUtcNow()), slug, source.Kind, fields);
        var latest = await agents.FindVersion(source.Id, new VersionName(null, null, IsLatest: true), cancellationToken);
        if (!await agents.Add(clone, latest is null ? null : Copy(latest, clone.Id, await agents.CallsOf(latest.Id, cancellationToken)), cancellationToken))
        {
            return AgentErrors.SlugTaken;
        }

        await agents.CopySkills(source.Id, clone.Id, cancellationToken);
        var view = (await agents.Find(new IdOrSlug(clone.Id, null), null, cancellationToken))!;
        audit.Record("agent.cloned", "agent", clone.Id.ToString(), new { source.Id, source.Slug, source.LatestVersion }, AgentSummary.Of(view));
        return view;
    }

    static string Shorten(string slug) => slug.Length <= MaxBase ? slug : slug[..MaxBase].TrimEnd('-');

    NewVersion Copy(AgentVersionView version, Guid agentId, IReadOnlyList<CalledVersion> calls) => new(
        Guid.CreateVersion7(time.GetUtcNow()),
        agentId,
        SemanticVersion.First.ToString(),
        version.Graph,
        version.DefaultParams,
        version.Model,
        version.SystemPrompt,
        version.InputSchema,
        version.OutputSchema,
        Changelog: null,
        version.ContentHash,
        SkillPins.Read(version.Skills),
        calls);
}
