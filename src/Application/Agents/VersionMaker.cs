using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>Makes a version out of what was sent: checks it, numbers it, hashes it, pins its skills. Storing is the caller's.</summary>
sealed class VersionMaker(GraphChecker checker, TimeProvider time)
{
    /// <param name="latest">The agent's latest number; null for its first version.</param>
    /// <param name="number">The number that is asked for; null leaves it to the platform.</param>
    /// <param name="faults">What is wrong with the rest of the request: everything is said at once.</param>
    public async Task<Result<MadeVersion>> Make(
        Guid agentId, string? latest, VersionContent content, string? number, string? changelog, IReadOnlyCollection<FieldError> faults, CancellationToken ct)
    {
        var graph = content.Graph ?? SingleModelGraph.Document;
        var verdict = await checker.Check(graph, agentId, ct);
        FieldError[] all = [.. faults, .. verdict.Errors.Select(p => p.At("/graph"))];
        if (all.Length > 0)
        {
            return Error.Invalid(all);
        }

        var next = VersionNumbers.Next(latest, number);
        if (!next.IsOk)
        {
            return next.Error;
        }

        var version = new NewVersion(
            Guid.CreateVersion7(time.GetUtcNow()),
            agentId,
            next.Value.ToString(),
            graph,
            content.DefaultParams ?? AgentFields.EmptyObject,
            content.Model,
            content.SystemPrompt,
            content.InputSchema,
            content.OutputSchema,
            changelog,
            content.Hash(graph),
            verdict.Pins,
            verdict.Calls);
        return new MadeVersion(version, [.. verdict.Warnings.Select(p => p.At("/graph"))]);
    }
}

sealed record MadeVersion(NewVersion Version, IReadOnlyList<FieldError> Warnings);
