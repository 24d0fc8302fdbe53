namespace AgentPlatform.Domain.Execution;

/// <summary>A call was given up because its run was canceled or its time was over, and it had cost something by then: what was used is not lost with the answer.</summary>
public sealed class CallAbortedException(IReadOnlyList<SkillUsage> usage, CancellationToken ct)
    : OperationCanceledException("The call was given up.", ct)
{
    public IReadOnlyList<SkillUsage> Usage => usage;
}
