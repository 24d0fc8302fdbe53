using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Json;

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
        .. Schemas.Check("/input_schema", InputSchema),
        .. Schemas.Check("/output_schema", OutputSchema),
    ];

    /// <summary>What this version does, as 64 hexadecimal characters; members that are not given do not count.</summary>
    public string Hash() => CanonicalJson.Sha256Hex(JsonSerializer.SerializeToElement(
        new (string Name, object? Value)[]
        {
            ("graph", Graph),
            ("default_params", DefaultParams),
            ("model", Model),
            ("system_prompt", SystemPrompt),
            ("input_schema", InputSchema),
            ("output_schema", OutputSchema),
        }.Where(m => m.Value is not null).ToDictionary(m => m.Name, m => m.Value)));
}
