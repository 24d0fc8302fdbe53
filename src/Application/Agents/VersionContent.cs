using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Definitions;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>What a version does, before it is checked. Null is "not given".</summary>
/// <param name="Model">As in <see cref="ModelSettings"/>.</param>
/// <param name="InputSchema">A JSON Schema that a run's input must satisfy; <paramref name="OutputSchema"/> the same for its output.</param>
sealed record VersionContent(
    JsonElement? Graph, JsonElement? DefaultParams, JsonElement? Model, string? SystemPrompt, JsonElement? InputSchema, JsonElement? OutputSchema)
{
    const int MaxParamsBytes = 64 * 1024;
    const int MaxPromptLength = 64 * 1024;

    public bool IsEmpty => Graph is null && DefaultParams is null && Model is null && SystemPrompt is null && InputSchema is null && OutputSchema is null;

    /// <summary>The faults that show without the registry of skills.</summary>
    public IEnumerable<FieldError> Check() =>
    [
        .. DefaultParams is { } settings ? FieldChecks.Object("/default_params", settings, MaxParamsBytes) : [],
        .. Model is { } model ? ModelSettings.Check("/model", model) : [],
        .. FieldChecks.Text("/system_prompt", SystemPrompt, 1, MaxPromptLength),
        .. CheckSchemas(),
    ];

    public IEnumerable<FieldError> CheckSchemas() => [.. Schemas.Check("/input_schema", InputSchema), .. Schemas.Check("/output_schema", OutputSchema)];

    /// <summary>What this version does, whatever it is called.</summary>
    public string Hash(JsonElement graph) => ContentHash.Of(graph, Model, SystemPrompt, DefaultParams, InputSchema, OutputSchema);
}
