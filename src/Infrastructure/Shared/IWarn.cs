namespace AgentPlatform.Infrastructure.Shared;

/// <summary>Somebody who notices what works but wants an operator's attention; <c>/health/ready</c> shows it.</summary>
interface IWarn
{
    /// <summary>One sentence each, and nothing of a tenant's in it.</summary>
    IEnumerable<string> Warnings { get; }
}
