using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>The tenant's triggers, or one agent's, the newest first.</summary>
/// <param name="Agent">Id or slug.</param>
[Requires("triggers:read")]
public sealed record ListTriggers(PageRequest Page, string? Agent = null, string? Kind = null, bool? IsEnabled = null) : IQuery<Page<TriggerView>>, IValidate
{
    static readonly string[] Kinds = ["webhook", "schedule", "event", "manual"];

    public IEnumerable<FieldError> Validate()
    {
        if (Kind is not null && !Kinds.Contains(Kind, StringComparer.Ordinal))
        {
            yield return new FieldError("/kind", "unknown_kind", $"A kind is one of {string.Join(", ", Kinds)}.");
        }

        foreach (var fault in Page.Validate())
        {
            yield return fault;
        }
    }
}
