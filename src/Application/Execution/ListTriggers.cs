using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>An agent's triggers, the newest first.</summary>
[Requires("triggers:read")]
public sealed record ListTriggers(string Agent, PageRequest Page) : IQuery<Page<TriggerView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => Page.Validate();
}
