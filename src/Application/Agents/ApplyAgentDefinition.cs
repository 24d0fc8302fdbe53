using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Definitions;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Json;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// Makes the agent what the document says: creates it, or changes its fields and bound skills, and gives it a new version when (and only when)
/// the document does something else than the latest version. Applying the same document again changes nothing.
/// </summary>
/// <param name="Agent">Slug of the agent, which is made when there is none; or the id of one that exists.</param>
/// <param name="Kind">When given, the document must be of this kind, and is when it does not say.</param>
[Requires("agents:write")]
public sealed record ApplyAgentDefinition(string Agent, string? Kind, JsonElement Document, DateTimeOffset? IfUpdatedAt) : ICommand<AppliedDefinition>;

/// <param name="Outcome"><c>created</c>, <c>updated</c> or <c>unchanged</c>.</param>
/// <param name="Warnings">What the author should know; pointers start at the document.</param>
public sealed record AppliedDefinition(string Outcome, AgentView Agent, string ContentHash, IReadOnlyList<FieldError> Warnings);

file sealed class Handler(IAgents agents, ISkills skills, VersionMaker versions, TimeProvider time, IAudit audit)
    : IRequestHandler<ApplyAgentDefinition, Result<AppliedDefinition>>
{
    public async Task<Result<AppliedDefinition>> Handle(ApplyAgentDefinition request, CancellationToken cancellationToken)
    {
        var found = await agents.FindForUpdate(IdOrSlug.Parse(request.Agent), null, cancellationToken);
        if (found is null && Guid.TryParse(request.Agent, out _))
        {
            return AgentErrors.AgentNotFound;
        }

        if (request.IfUpdatedAt is { } seen && seen != found?.UpdatedAt)
        {
            return ETags.Stale;
        }

        if (found?.Status == AgentStatus.Archived)
        {
            return AgentErrors.Archived;
        }

        var faults = new List<FieldError>();
        if (DefinitionReader.Read(request.Document, faults) is not { } definition)
        {
            return Error.Invalid(faults);
        }

        var target = DefinitionTarget.Choose(request, definition, found, faults);
        faults.AddRange((await agents.Check(definition.Fields, cancellationToken)).Where(f => faults.TrueForAll(known => known.Pointer != f.Pointer)));
        var bindings = await Bind(definition.Skills, faults, cancellationToken);
        var content = new VersionContent(
            definition.Graph, definition.DefaultParams, definition.Model, definition.SystemPrompt, definition.InputSchema, definition.OutputSchema);
        faults.AddRange(content.CheckSchemas());

        var id = found?.Id ?? Guid.CreateVersion7(time.GetUtcNow());
        var isSame = found is not null && await agents.LatestContentHash(id, cancellationToken) == ContentHash.Of(definition);
        // The number of an exported document is the latest's: with other content it asks for the next one.
        var number = isSame || definition.SemanticVersion == found?.LatestVersion ? null : definition.SemanticVersion;
        var made = await versions.Make(id, found?.LatestVersion, content, number, definition.Changelog, faults, cancellationToken);
        if (!made.IsOk)
        {
            return made.Error;
        }

        var version = isSame ? null : made.Value.Version;
        if (found is null)
        {
            return await Create(new NewAgent(id, target.Slug, target.Kind, definition.Fields), made.Value, bindings, cancellationToken);
        }

        var isChanged = await Change(found, definition.Fields, version, bindings, cancellationToken);
        var after = isChanged ? (await agents.Find(new IdOrSlug(id, null), null, cancellationToken))! : found;
        if (isChanged)
        {
            audit.Record("agent.definition_applied", "agent", id.ToString(), AgentSummary.Of(found), AgentSummary.Of(after));
        }

        return new AppliedDefinition(isChanged ? "updated" : "unchanged", after, made.Value.Version.ContentHash, made.Value.Warnings);
    }

    async Task<Result<AppliedDefinition>> Create(NewAgent agent, MadeVersion made, IReadOnlyList<BoundSkill> bindings, CancellationToken ct)
    {
        if (!await agents.Add(agent, made.Version, ct))
        {
            // Somebody else made it between our look and now.
            return AgentErrors.SlugTaken;
        }

        await agents.ReplaceSkills(agent.Id, bindings, ct);
        var view = (await agents.Find(new IdOrSlug(agent.Id, null), null, ct))!;
        audit.Record("agent.created", "agent", agent.Id.ToString(), before: null, AgentSummary.Of(view));
        return new AppliedDefinition("created", view, made.Version.ContentHash, made.Warnings);
    }

    async Task<bool> Change(AgentView agent, AgentFields fields, NewVersion? version, IReadOnlyList<BoundSkill> bindings, CancellationToken ct)
    {
        var isChanged = await agents.ReplaceSkills(agent.Id, bindings, ct);
        if (Digest(fields) != Digest(new AgentPatch().Over(agent)))
        {
            await agents.Update(agent.Id, fields, ct);
            isChanged = true;
        }

        if (version is not null)
        {
            await agents.AddVersion(version, ct);
            isChanged = true;
        }

        return isChanged;
    }

    async Task<IReadOnlyList<BoundSkill>> Bind(IReadOnlyList<SkillBinding> bindings, List<FieldError> faults, CancellationToken ct)
    {
        var bound = new List<BoundSkill>();
        foreach (var (index, binding) in bindings.Index())
        {
            if (await skills.Find(IdOrSlug.Parse(binding.Slug), ct) is { } skill)
            {
                bound.Add(new BoundSkill(skill.Id, binding.Settings));
            }
            else
            {
                faults.Add(new FieldError($"/skills/{index}/slug", "unknown_skill", $"There is no skill \"{binding.Slug}\"."));
            }
        }

        return bound;
    }

    static string Digest(AgentFields fields) => CanonicalJson.Sha256Hex(JsonSerializer.SerializeToElement(fields));
}
