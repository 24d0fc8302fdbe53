using System.Text.Json;
using AgentPlatform.Application.Execution;

namespace AgentPlatform.Infrastructure.Execution;

sealed record StepRow(
    Guid Id, string? Path, string NodeId, int Idx, int? Item, int Attempt, Guid? SkillId, string Status, JsonElement? Input, JsonElement? Output, JsonElement? Error, JsonElement? Usage,
    DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, Guid? OverriddenBy, DateTimeOffset? OverriddenAt, Guid? ReusedFrom)
{
    public StepView ToView(IReadOnlyDictionary<Guid, string> skills) => new(
        Path, NodeId, Idx, Item, Attempt, SkillId is { } id ? skills.GetValueOrDefault(id) : null, Status, Input, Output, Error, Usage, StartedAt, FinishedAt, OverriddenBy, OverriddenAt, ReusedFrom);
}
