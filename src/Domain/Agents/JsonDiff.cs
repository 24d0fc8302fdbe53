using System.Text.Json;

namespace AgentPlatform.Domain.Agents;

/// <summary>One place where two documents differ.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) into the part that is compared; "" is the whole.</param>
/// <param name="Before">Null when it was not there. (A JSON null that was there is a JSON null.)</param>
public sealed record JsonChange(string Pointer, JsonElement? Before, JsonElement? After);

/// <summary>
/// Where two JSON values differ: objects member by member; arrays element by element when they are equally long, otherwise as a whole,
/// because a moved element would else show as a change of every later one.
/// </summary>
static class JsonDiff
{
    public static IReadOnlyList<JsonChange> Between(JsonElement? before, JsonElement? after)
    {
        var changes = new List<JsonChange>();
        Compare("", before, after, changes);
        return changes;
    }

    static void Compare(string pointer, JsonElement? before, JsonElement? after, List<JsonChange> changes)
    {
        if (before is not { } old || after is not { } now)
        {
            if (before is not null || after is not null)
            {
                changes.Add(new JsonChange(pointer, before, after));
            }
        }
        else if (old.ValueKind == JsonValueKind.Object && now.ValueKind == JsonValueKind.Object)
        {
            CompareMembers(pointer, old, now, changes);
        }
        else if (old.ValueKind == JsonValueKind.Array && now.ValueKind == JsonValueKind.Array && old.GetArrayLength() == now.GetArrayLength())
        {
            for (var i = 0; i < old.GetArrayLength(); i++)
            {
                Compare($"{pointer}/{i}", old[i], now[i], changes);
            }
        }
        else if (!JsonElement.DeepEquals(old, now))
        {
            changes.Add(new JsonChange(pointer, old, now));
        }
    }

    static void CompareMembers(string pointer, JsonElement before, JsonElement after, List<JsonChange> changes)
    {
        foreach (var member in before.EnumerateObject())
        {
            Compare(FieldChecks.At(pointer, member.Name), member.Value, after.TryGetProperty(member.Name, out var now) ? now : null, changes);
        }

        foreach (var member in after.EnumerateObject().Where(m => !before.TryGetProperty(m.Name, out _)))
        {
            changes.Add(new JsonChange(FieldChecks.At(pointer, member.Name), null, member.Value));
        }
    }
}
