using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Domain.Execution;

/// <summary>What a skill answers: its output, or a typed error; and what it used outside.</summary>
public readonly record struct SkillOutcome
{
    SkillOutcome(Datum output, SkillError? error)
    {
        Output = output;
        Error = error;
    }

    public Datum Output { get; }

    public SkillError? Error { get; }

    /// <summary>One entry for each service that was called; null where nothing is priced. Who has reserved money answers at least an empty list: it settles the reservation.
    /// A node that runs others reports none of theirs.</summary>
    public IReadOnlyList<SkillUsage>? Usage { get; init; }

    public static implicit operator SkillOutcome(Datum output) => new(output, null);

    public static implicit operator SkillOutcome(SkillError error) => new(default, error);
}
