using System.Text.Json;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>What the agent's version says about its model, for <c>llm</c> nodes that say nothing themselves.</summary>
/// <param name="Model"><c>vendor/model</c>, or the model alone.</param>
/// <param name="System">The system prompt.</param>
sealed record ModelDefaults(string? Model, float? Temperature, int? MaxTokens, string? System)
{
    public static readonly ModelDefaults None = new(null, null, null, null);

    public static ModelDefaults Of(JsonElement? model, string? systemPrompt)
    {
        if (model is not { ValueKind: JsonValueKind.Object } given)
        {
            return systemPrompt is null ? None : None with { System = systemPrompt };
        }

        var name = given.TryGetProperty("model", out var text) ? text.GetString() : null;
        var vendor = given.TryGetProperty("vendor", out var of) ? of.GetString() : null;
        return new(
            vendor is null || name is null ? name : $"{vendor}/{name}",
            given.TryGetProperty("temperature", out var temperature) ? temperature.GetSingle() : null,
            given.TryGetProperty("max_tokens", out var tokens) && tokens.TryGetInt32(out var max) ? max : null,
            systemPrompt);
    }
}
