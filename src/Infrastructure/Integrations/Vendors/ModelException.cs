using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>A vendor refused, failed or answered what cannot be used.</summary>
sealed class ModelException(SkillError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public SkillError Error { get; } = error;

    /// <summary>Another model may do better.</summary>
    public bool MayFallBack { get; init; }

    /// <summary>The vendor is in trouble, rather than the question: what opens the circuit.</summary>
    public bool IsOutage { get; init; }

    /// <summary>The question reached the vendor, or may have.</summary>
    public bool WasSent { get; init; } = true;

    /// <summary>The vendor had the question and may charge for it, although there is no answer that says so.</summary>
    public bool MayHaveCost { get; init; }
}
