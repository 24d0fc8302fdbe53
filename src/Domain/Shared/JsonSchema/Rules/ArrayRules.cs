using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Shared.JsonSchema.Rules;

/// <summary>The first items by position (<c>prefixItems</c>, or draft-07's array form of <c>items</c>), and one schema for the rest.</summary>
sealed class ItemsRule(SchemaNode owner, SchemaNode[] prefix, SchemaNode? rest, string restKeyword) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.Array)
            return true;
        var valid = true;
        var index = 0;
        foreach (var item in instance.EnumerateArray())
        {
            var schema = index < prefix.Length ? prefix[index] : rest;
            if (schema is null)
                break;
            marks?.Add(index);
            run.Push(index);
            var good = schema.Always == false && index >= prefix.Length
                ? run.Collects && Fail(run, restKeyword, $"At most {prefix.Length} items are allowed.")
                : schema.Evaluate(item, run, null);
            run.Pop();
            valid &= good;
            if (!good && !run.Collects)
                return false;
            index++;
        }
        return valid;
    }
}

sealed class ItemCountRule(SchemaNode owner, long? min, long? max) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.Array)
            return true;
        var count = instance.GetArrayLength();
        var valid = true;
        if (count < min)
            valid = run.Collects && Fail(run, "minItems", $"The array has {count} items; at least {min} are needed.");
        if (count > max)
            valid = run.Collects && Fail(run, "maxItems", $"The array has {count} items; at most {max} are allowed.");
        return valid;
    }
}

sealed class UniqueItemsRule(SchemaNode owner) : Rule(owner)
{
    /// <summary>Up to here comparing each with each is cheaper than writing canonical texts.</summary>
    const int Few = 12;

    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.Array)
            return true;
        var count = instance.GetArrayLength();
        if (!run.Spend(count))
            return false;
        var (first, second) = count <= Few ? Compare(instance) : Hash(instance);
        return first < 0 || (run.Collects && Fail(run, "uniqueItems", $"The items {first} and {second} are equal."));
    }

    static (int First, int Second) Compare(JsonElement array)
    {
        var j = 0;
        foreach (var item in array.EnumerateArray())
        {
            var i = 0;
            foreach (var earlier in array.EnumerateArray())
            {
                if (i == j)
                    break;
                if (earlier.ValueKind == item.ValueKind && JsonElement.DeepEquals(earlier, item))
                    return (i, j);
                i++;
            }
            j++;
        }
        return (-1, -1);
    }

    static (int First, int Second) Hash(JsonElement array)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            var text = Encoding.UTF8.GetString(CanonicalJson.Write(item));
            if (!seen.TryAdd(text, index))
                return (seen[text], index);
            index++;
        }
        return (-1, -1);
    }
}

sealed class ContainsRule(SchemaNode owner, SchemaNode schema, long min, long? max, bool leavesMarks) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.Array)
            return true;
        var found = 0L;
        var index = -1;
        var needsAll = max is not null || (leavesMarks && marks is not null);
        foreach (var item in instance.EnumerateArray())
        {
            index++;
            if (!run.Accepts(schema, item, null))
                continue;
            found++;
            if (leavesMarks)
                marks?.Add(index);
            if (!needsAll && found >= min)
                break;
        }
        if (found < min)
            return run.Collects && Fail(run, min == 1 ? "contains" : "minContains", $"{found} items match; at least {min} must.");
        return found <= (max ?? long.MaxValue) || (run.Collects && Fail(run, "maxContains", $"{found} items match; at most {max} may."));
    }
}

sealed class UnevaluatedItemsRule(SchemaNode owner, SchemaNode schema) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.Array)
            return true;
        var valid = true;
        var index = -1;
        foreach (var item in instance.EnumerateArray())
        {
            if (marks!.Contains(++index))
                continue;
            run.Push(index);
            var good = schema.Always == false
                ? run.Collects && Fail(run, "unevaluatedItems", "This item is not allowed here.")
                : schema.Evaluate(item, run, null);
            run.Pop();
            valid &= good;
            if (!good && !run.Collects)
                return false;
        }
        marks!.AddAll();
        return valid;
    }
}
