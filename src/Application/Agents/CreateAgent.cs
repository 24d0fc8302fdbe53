using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// Makes an agent, active at once. With a graph, or with what a single model needs (<paramref name="Model"/>, <paramref name="SystemPrompt"/>),
/// it gets its first version in the same transaction: an agent whose version is refused is not made either.
/// </summary>
/// <param name="Kind"><c>agent</c> (default) or <c>workflow</c>.</param>
/// <param name="SemanticVersion">Of the first version; 1.0.0 when not given.</param>
[Requires("agents:write")]
public sealed record CreateAgent(
    string Slug,
    string Name,
    string? Kind = null,
    string? Description = null,
    string? Category = null,
    string? Icon = null,
    string[]? Tags = null,
    string[]? Capabilities = null,
    string[]? Features = null,
    bool IsPublic = false,
    bool MemoryEnabled = false,
    JsonElement? Limits = null,
    JsonElement? Metadata = null,
    JsonElement? Graph = null,
    JsonElement? DefaultParams = null,
    JsonElement? Model = null,
    string? SystemPrompt = null,
    JsonElement? InputSchema = null,
    JsonElement? OutputSchema = null,
    string? SemanticVersion = null,
    string? Changelog = null) : ICommand<AgentView>
{
    internal VersionContent Content => new(Graph, DefaultParams, Model, SystemPrompt, InputSchema, OutputSchema);

    internal AgentFields Fields => new(
        Name, Description, Category, Icon, Tags ?? [], Capabilities ?? [], Features ?? [], IsPublic, MemoryEnabled,
        Limits ?? AgentFields.EmptyObject, Metadata ?? AgentFields.EmptyObject);

    // Not IValidate: the graph's errors are said together with these.
    internal IEnumerable<FieldError> Check() =>
    [
        .. FieldChecks.Slug("/slug", Slug),
        .. FieldChecks.OneOf("/kind", Kind, AgentKind.All),
        .. Content.Check(),
        .. VersionNumbers.Check(SemanticVersion),
        .. VersionNumbers.CheckChangelog(Changelog),
    ];
}

file sealed class Handler(IAgents agents, VersionMaker versions, TimeProvider time, IAudit audit) : IRequestHandler<CreateAgent, Result<AgentView>>
{
    public async Task<Result<AgentView>> Handle(CreateAgent request, CancellationToken cancellationToken)
    {
        var agent = new NewAgent(Guid.CreateVersion7(time.GetUtcNow()), request.Slug, request.Kind ?? AgentKind.Agent, request.Fields);
        FieldError[] faults = [.. request.Check(), .. await agents.Check(agent.Fields, cancellationToken)];
        NewVersion? first = null;
        if (!request.Content.IsEmpty)
        {
            var made = await versions.Make(agent.Id, null, request.Content, request.SemanticVersion, request.Changelog, faults, cancellationToken);
            if (!made.IsOk)
            {
                return made.Error;
            }

            first = made.Value.Version;
        }
        else if (faults.Length > 0)
        {
            return Error.Invalid(faults);
        }

        if (!await agents.Add(agent, first, cancellationToken))
        {
            return AgentErrors.SlugTaken;
        }

        var view = (await agents.Find(new IdOrSlug(agent.Id, null), null, cancellationToken))!;
        audit.Record("agent.created", "agent", agent.Id.ToString(), before: null, AgentSummary.Of(view));
        return view;
    }
}
