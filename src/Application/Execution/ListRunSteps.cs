using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>A run's steps in the order they began, every attempt a row. Pure steps of a run under way appear with its next checkpoint or its end.</summary>
[Requires("runs:read")]
public sealed record ListRunSteps(Guid RunId, PageRequest Page) : IQuery<Page<StepView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => Page.Validate();
}
