using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Shared.JsonSchema.Rules;

/// <summary>A name that the schema mentions: the schema of its value, and its number among the required ones.</summary>
sealed class MemberSlot
{
    public SchemaNode? Schema { get; set; }
    public int Required { get; set; } = -1;
}

/// <summary>
/// <c>properties</c>, <c>patternProperties</c>, <c>additionalProperties</c> and <c>required</c> in one pass over the members, with names looked up without
/// making strings of them.
/// </summary>
sealed class MembersRule(
    SchemaNode owner, Dictionary<string, MemberSlot> slots, string[] required, (Regex Pattern, SchemaNode Schema)[] patterns, SchemaNode? additional) : Rule(owner)
{
    readonly Dictionary<string, MemberSlot>.AlternateLookup<ReadOnlySpan<char>> _bySpan = slots.GetAlternateLookup<ReadOnlySpan<char>>();

    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var present = required.Length > 64 ? new HashSet<int>() : null;
        var bits = 0UL;
        var valid = true;
        var index = -1;
        foreach (var member in instance.EnumerateObject())
        {
            index++;
            if (!run.Spend(1))
                return false;
            var slot = slots.Count > 0 ? Find(member) : null;
            if (slot is { Required: >= 0 })
            {
                if (present is null)
                    bits |= 1UL << slot.Required;
                else
                    present.Add(slot.Required);
            }
            if (EvaluateMember(member, slot, index, run, marks))
                continue;
            valid = false;
            if (!run.Collects)
                return false;
        }
        for (var i = 0; i < required.Length; i++)
        {
            if (present?.Contains(i) ?? (bits & (1UL << i)) != 0)
                continue;
            valid = run.Collects && Fail(run, "required", $"The member {required[i]} is missing.");
            if (!run.Collects)
                return false;
        }
        return valid;
    }

    bool EvaluateMember(JsonProperty member, MemberSlot? slot, int index, Evaluation run, Marks? marks)
    {
        var valid = true;
        var known = slot?.Schema is not null;
        run.Push(member);
        if (slot?.Schema is { } schema)
            valid = schema.Evaluate(member.Value, run, null);
        foreach (var (pattern, patternSchema) in patterns)
        {
            if (!run.Matches(pattern, member))
                continue;
            known = true;
            valid &= patternSchema.Evaluate(member.Value, run, null);
        }
        if (!known && additional is { Always: false })
            valid = run.Collects && Fail(run, "additionalProperties", $"The member {Evaluation.Shorten(member.Name)} is not allowed here.");
        else if (!known && additional is not null)
            valid = additional.Evaluate(member.Value, run, null);
        run.Pop();
        if (known || additional is not null)
            marks?.Add(index);
        return valid;
    }

    MemberSlot? Find(JsonProperty member)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        MemberSlot? slot;
        if (raw.Length > 128 || raw.Contains((byte)'\\'))
            return slots.TryGetValue(member.Name, out slot) ? slot : null;
        Span<char> name = stackalloc char[128];
        return _bySpan.TryGetValue(name[..Encoding.UTF8.GetChars(raw, name)], out slot) ? slot : null;
    }
}

sealed class MemberCountRule(SchemaNode owner, long? min, long? max) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var count = instance.GetPropertyCount();
        var valid = true;
        if (count < min)
            valid = run.Collects && Fail(run, "minProperties", $"The object has {count} members; at least {min} are needed.");
        if (count > max)
            valid = run.Collects && Fail(run, "maxProperties", $"The object has {count} members; at most {max} are allowed.");
        return valid;
    }
}

sealed class MemberNamesRule(SchemaNode owner, SchemaNode names) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var valid = true;
        foreach (var member in instance.EnumerateObject())
        {
            run.Push(member);
            var good = names.Evaluate(JsonSerializer.SerializeToElement(member.Name), run, null);
            run.Pop();
            valid &= good;
            if (!good && !run.Collects)
                return false;
        }
        return valid;
    }
}

/// <summary><c>dependentRequired</c>, and the array form of draft-07's <c>dependencies</c>.</summary>
sealed class DependentNamesRule(SchemaNode owner, string keyword, string name, string[] needed) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.Object || !instance.TryGetProperty(name, out _))
            return true;
        foreach (var other in needed)
        {
            if (!run.Spend(instance.GetPropertyCount()))
                return false;
            if (!instance.TryGetProperty(other, out _))
                return run.Collects && Fail(run, keyword, $"The member {other} must be there when {name} is.");
        }
        return true;
    }
}

/// <summary><c>dependentSchemas</c>, and the schema form of draft-07's <c>dependencies</c>.</summary>
sealed class DependentSchemaRule(SchemaNode owner, string name, SchemaNode schema) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks) =>
        instance.ValueKind != JsonValueKind.Object || !instance.TryGetProperty(name, out _) || schema.Evaluate(instance, run, marks);
}

sealed class UnevaluatedMembersRule(SchemaNode owner, SchemaNode schema) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var valid = true;
        var index = -1;
        foreach (var member in instance.EnumerateObject())
        {
            if (marks!.Contains(++index))
                continue;
            run.Push(member);
            var good = schema.Always == false
                ? run.Collects && Fail(run, "unevaluatedProperties", $"The member {Evaluation.Shorten(member.Name)} is not allowed here.")
                : schema.Evaluate(member.Value, run, null);
            run.Pop();
            valid &= good;
            if (!good && !run.Collects)
                return false;
        }
        marks!.AddAll();
        return valid;
    }
}
