using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>
/// <c>llm</c> with the built-in <c>sandbox</c> vendor only: it answers without any network, deterministically, and says in every answer
/// that it is simulated. Every other vendor is refused by name, never imitated.
/// </summary>
sealed class LlmSkill : IEffectfulSkill
{
    public const string SandboxVendor = "sandbox";
    const int MaxEcho = 2000;

    public string Handles => "llm";

    public Task<SkillOutcome> Run(SkillCall call, CancellationToken ct) => Task.FromResult(Answer(call));

    static SkillOutcome Answer(SkillCall call)
    {
        var model = Text(call.With, "model") ?? $"{SandboxVendor}/echo";
        var vendor = model.Split('/')[0];
        if (vendor != SandboxVendor)
        {
            return new SkillError("vendor_not_configured", $"The vendor {vendor} is not configured on this server; use {SandboxVendor}/echo to try the agent offline.", "unavailable", Retryable: false);
        }

        var asked = Text(call.With, "prompt") ?? LastMessage(call.With) ?? "";
        var heard = asked.Length > MaxEcho ? asked[..MaxEcho] : asked;
        return Datum.FromObject(new Dictionary<string, Datum>
        {
            ["text"] = Datum.From($"[simulated] You said: {heard}"),
            ["model"] = Datum.From(model),
            ["simulated"] = Datum.True,
        });
    }

    static string? LastMessage(Datum with) =>
        with.TryGetProperty("messages", out var messages) && messages.Kind is DatumKind.Array && messages.Length > 0 ? Text(messages.ItemAt(messages.Length - 1), "content") : null;

    static string? Text(Datum value, string name) =>
        value.TryGetProperty(name, out var text) && text.Kind is DatumKind.String ? text.GetString() : null;
}
