using System.Text.RegularExpressions;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared.Outbox;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>emit_event</c>: puts an event of the author's own into the outbox. Its id is computed from the step, so that a repeat after a crash is the same event.</summary>
sealed partial class EmitEventSkill(OutboxWriter outbox) : IEffectfulSkill
{
    const int MaxData = 256 * 1024;

    public string Handles => "builtin/emit_event";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        if (call.With.Text("type") is not { } type || !Type().IsMatch(type))
        {
            return Arguments.Refused("An event's type has 1 to 128 small letters, digits, dots, underscores and hyphens.");
        }

        var data = call.With.Value("data") ?? Datum.Null;
        if (Json.Write(data) is not { Length: <= MaxData })
        {
            return new SkillError("data_too_large", $"An event's data has at most {MaxData} bytes.", SkillErrorClass.Limit, Retryable: false);
        }

        var id = DerivedId.Of(call.RunId, call.StepKey, "event");
        var payload = Datum.FromObject(new Dictionary<string, Datum>
        {
            ["id"] = Datum.From(id.ToString()),
            ["type"] = Datum.From(type),
            ["data"] = data,
            ["run_id"] = Datum.From(call.RunId.ToString()),
            ["agent_id"] = Datum.From(call.AgentId.ToString()),
            ["node_id"] = Datum.From(call.Node.Id),
        });
        await outbox.Put(call.TenantId, id, type, call.RunId.ToString(), Json.Write(payload)!, ct);
        return Datum.FromObject(new Dictionary<string, Datum> { ["id"] = Datum.From(id.ToString()) });
    }

    [GeneratedRegex(@"^[a-z0-9_.-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Type();
}
