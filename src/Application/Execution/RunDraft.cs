using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>
/// Runs an agent's draft, or a part of it, as a test: a run like any other in what it does, stores and costs, marked as a test.
/// Of a part, what nodes before it came to when they ran last stands in for running them again.
/// </summary>
/// <param name="Agent">Id or slug.</param>
/// <param name="Input">When not given: the last run's for a part, else an empty object.</param>
/// <param name="FromNode">It and all that follow it run.</param>
/// <param name="OnlyNode">Only it runs, with those before it that have never run; nothing after it.</param>
/// <param name="Data">Outputs by node, before those that the draft has pinned. The node that is asked for runs all the same.</param>
[Requires("runs:execute")]
public sealed record RunDraft(string Agent, JsonElement? Input = null, string? FromNode = null, string? OnlyNode = null, JsonElement? Data = null) : ICommand<DraftRun>, IValidate
{
    public IEnumerable<FieldError> Validate()
    {
        if (FromNode is not null && OnlyNode is not null)
        {
            yield return new FieldError("/only_node", "not_allowed", "Send from_node or only_node, not both.");
        }

        if (Data is { ValueKind: not JsonValueKind.Object })
        {
            yield return new FieldError("/data", "wrong_type", "This is an object: outputs by node.");
        }
    }
}

/// <param name="AgentVersionId">What the draft said when the run was started; in no list of versions.</param>
/// <param name="Reused">Nodes whose latest result stands.</param>
/// <param name="Pinned">Nodes whose output was given.</param>
public sealed record DraftRun(Guid Id, string Status, Guid AgentVersionId, IReadOnlyList<string> Reused, IReadOnlyList<string> Pinned);

file sealed class Handler(IDraftRuns drafts, IAudit audit) : IRequestHandler<RunDraft, Result<DraftRun>>
{
    public async Task<Result<DraftRun>> Handle(RunDraft request, CancellationToken cancellationToken)
    {
        var started = await drafts.Start(request, cancellationToken);
        if (started.IsOk)
        {
            audit.Record("run.tested", "run", started.Value.Id.ToString(), after: new { request.Agent, request.FromNode, request.OnlyNode, started.Value.Reused, started.Value.Pinned });
        }

        return started;
    }
}
