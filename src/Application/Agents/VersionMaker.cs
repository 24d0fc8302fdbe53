using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>Makes a version out of what was sent: checks it, numbers it, hashes it, pins its skills. Storing is the caller's.</summary>
sealed class VersionMaker(VersionChecker checker, TimeProvider time)
{
    /// <param name="latest">The agent's latest number; null for its first version.</param>
    public async Task<Result<MadeVersion>> Make(
        Guid agentId, string? latest, VersionContent content, string? number, string? changelog, CancellationToken ct)
    {
        var next = VersionNumbers.Next(latest, number);
        if (!next.IsOk)
        {
            return next.Error;
        }

        var graph = content.Graph ?? SingleModelGraph.Document;
        var verdict = await checker.Check(content, graph, "/graph", ct);
        if (!verdict.IsOk)
        {
            return verdict.Error;
        }

        var whole = content with { Graph = graph, DefaultParams = content.DefaultParams ?? AgentFields.EmptyObject };
        var version = new NewVersion(
            Guid.CreateVersion7(time.GetUtcNow()),
            agentId,
            next.Value.ToString(),
            graph,
            whole.DefaultParams!.Value,
            content.Model,
            content.SystemPrompt,
            content.InputSchema,
            content.OutputSchema,
            changelog,
            whole.Hash(),
            verdict.Value.Pins);
        return new MadeVersion(version, [.. verdict.Value.Warnings.Select(p => p.At("/graph"))]);
    }
}

sealed record MadeVersion(NewVersion Version, IReadOnlyList<FieldError> Warnings);
