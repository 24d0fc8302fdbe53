using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>A run's steps in the order they began, every attempt a row. Pure steps of a run under way appear with its next checkpoint or its end.</summary>
/// <param name="Step">Only this step's attempts: its node, with the path before it where it is in a body (<c>each[3].greet</c>).</param>
[Requires("runs:read")]
public sealed record ListRunSteps(Guid RunId, PageRequest Page, string? Step = null) : IQuery<Page<StepView>>, IValidate
{
    /// <summary>A path of 1024, a dot, a node of 63.</summary>
    const int MaxStepLength = 1088;

    /// <summary>What <see cref="Step"/> names; ids of nodes have no dots.</summary>
    public (string? Path, string? Node) Place => Step?.LastIndexOf('.') is { } dot and >= 0 ? (Step[..dot], Step[(dot + 1)..]) : (null, Step);

    public IEnumerable<FieldError> Validate() => Step is { } step && (step.Length is 0 or > MaxStepLength || step.Contains('\0', StringComparison.Ordinal))
        ? Page.Validate().Append(new FieldError("/step", "invalid_step", $"A step is named by 1 to {MaxStepLength} characters without NUL."))
        : Page.Validate();
}
