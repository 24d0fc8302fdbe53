using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>
/// Puts an output in the place of what a step gave. A run that is paused or waits goes on with it, a step that waits is completed by it,
/// and forks of a run that has ended take it over. What the step gave itself is kept.
/// </summary>
/// <param name="Node">A node whose step is stored.</param>
/// <param name="Path">Where in nested bodies, as the list of steps says; not given in the run's own graph.</param>
[Requires("runs:write")]
public sealed record OverrideStepOutput(Guid RunId, string Node, JsonElement Output, string? Path = null) : ICommand<OverriddenStepView>, IValidate
{
    const int MaxPath = 1024;

    public IEnumerable<FieldError> Validate()
    {
        if (Path is { Length: > MaxPath })
        {
            yield return new FieldError("/path", "too_long", $"A path has at most {MaxPath} characters.");
        }
    }
}

/// <param name="Status">The step's own status; with an override its output counts as that of a success.</param>
public sealed record OverriddenStepView(Guid RunId, string NodeId, string? Path, string Status, JsonElement Output, Guid? OverriddenBy, DateTimeOffset OverriddenAt);

sealed record OverriddenStep(OverriddenStepView View, bool WasOverridden);

file sealed class Handler(IStepOutputs outputs, IAudit audit) : IRequestHandler<OverrideStepOutput, Result<OverriddenStepView>>
{
    public async Task<Result<OverriddenStepView>> Handle(OverrideStepOutput request, CancellationToken cancellationToken)
    {
        var overridden = await outputs.Override(request.RunId, request.Node, request.Path ?? "", request.Output, cancellationToken);
        if (!overridden.IsOk)
        {
            return overridden.Error;
        }

        audit.Record("run.step_overridden", "run", request.RunId.ToString(),
            new { overridden.Value.WasOverridden },
            new { request.Node, request.Path, Bytes = Encoding.UTF8.GetByteCount(request.Output.GetRawText()) });
        return overridden.Value.View;
    }
}
