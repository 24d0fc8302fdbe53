using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Agents;

/// <summary>The model that an agent's <c>llm</c> nodes use where they name none: <c>{vendor?, model, temperature?, max_tokens?}</c>.</summary>
static class ModelSettings
{
    public static IEnumerable<FieldError> Check(string pointer, JsonElement model)
    {
        if (model.ValueKind != JsonValueKind.Object)
        {
            yield return new FieldError(pointer, "wrong_type", "This is an object with the member \"model\".");
            yield break;
        }

        if (!model.TryGetProperty("model", out _))
        {
            yield return FieldChecks.Required($"{pointer}/model");
        }

        foreach (var member in model.EnumerateObject())
        {
            var at = FieldChecks.At(pointer, member.Name);
            var fault = member.Name switch
            {
                "vendor" => Name(at, member.Value, 63),
                "model" => Name(at, member.Value, 255),
                "temperature" => Number(at, member.Value, 0, 2, "A number between 0 and 2."),
                "max_tokens" => member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out _)
                    ? Number(at, member.Value, 1, 10_000_000, "A whole number between 1 and 10000000.")
                    : new FieldError(at, "wrong_type", "A whole number between 1 and 10000000."),
                _ => new FieldError(at, "unknown_field", "A model has: vendor, model, temperature, max_tokens."),
            };
            if (fault is not null)
            {
                yield return fault;
            }
        }
    }

    static FieldError? Name(string pointer, JsonElement value, int max) =>
        value.ValueKind != JsonValueKind.String
            ? new FieldError(pointer, "wrong_type", "This is a text.")
            : FieldChecks.Text(pointer, value.GetString(), 1, max).FirstOrDefault();

    static FieldError? Number(string pointer, JsonElement value, double min, double max, string rule) =>
        value.ValueKind != JsonValueKind.Number ? new FieldError(pointer, "wrong_type", rule)
        : value.GetDouble() is var number && (number < min || number > max) ? new FieldError(pointer, "out_of_range", rule)
        : null;
}
