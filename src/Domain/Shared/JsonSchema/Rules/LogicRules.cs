using System.Text.Json;

namespace AgentPlatform.Domain.Shared.JsonSchema.Rules;

sealed class AllOfRule(SchemaNode owner, SchemaNode[] schemas) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        var valid = true;
        foreach (var schema in schemas)
        {
            valid &= schema.Evaluate(instance, run, marks);
            if (!valid && !run.Collects)
                return false;
        }
        return valid;
    }
}

sealed class AnyOfRule(SchemaNode owner, SchemaNode[] schemas) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        var valid = false;
        foreach (var schema in schemas)
        {
            // A branch that fails must leave no marks; with marks wanted, every branch is asked.
            var branch = marks is null ? null : new Marks();
            if (!run.Accepts(schema, instance, branch))
                continue;
            valid = true;
            if (marks is null)
                return true;
            marks.Add(branch!);
        }
        return valid || (run.Collects && Fail(run, "anyOf", Alternatives.Explain(schemas, instance, run)));
    }
}

sealed class OneOfRule(SchemaNode owner, SchemaNode[] schemas) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        var match = -1;
        for (var i = 0; i < schemas.Length; i++)
        {
            var branch = marks is null ? null : new Marks();
            if (!run.Accepts(schemas[i], instance, branch))
                continue;
            if (match >= 0)
                return run.Collects && Fail(run, "oneOf", $"The value fits the alternatives {match} and {i}; it must fit exactly one.");
            match = i;
            marks?.Add(branch!);
        }
        return match >= 0 || (run.Collects && Fail(run, "oneOf", Alternatives.Explain(schemas, instance, run)));
    }
}

sealed class NotRule(SchemaNode owner, SchemaNode schema) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks) =>
        !run.Accepts(schema, instance, null) || (run.Collects && Fail(run, "not", "The value is one that is not allowed here."));
}

sealed class ConditionRule(SchemaNode owner, SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        var branch = marks is null ? null : new Marks();
        if (!run.Accepts(condition, instance, branch))
            return otherwise?.Evaluate(instance, run, marks) ?? true;
        marks?.Add(branch!);
        return then?.Evaluate(instance, run, marks) ?? true;
    }
}

sealed class RefRule(SchemaNode owner, SchemaNode target) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks) => target.Evaluate(instance, run, marks);
}

/// <summary><c>$dynamicRef</c> whose static target is a <c>$dynamicAnchor</c>: the outermost resource that was entered and has the anchor decides.</summary>
sealed class DynamicRefRule(SchemaNode owner, string anchor, SchemaNode fallback) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        foreach (var resource in run.Scope)
        {
            if (resource.DynamicNodes.TryGetValue(anchor, out var node))
                return node.Evaluate(instance, run, marks);
        }
        return fallback.Evaluate(instance, run, marks);
    }
}

static class Alternatives
{
    /// <summary>Says why, by the alternative that came furthest into the value: that is most likely the one that was meant.</summary>
    public static string Explain(SchemaNode[] schemas, JsonElement instance, Evaluation run)
    {
        var closest = schemas.Take(20).Select(schema => run.FirstProblem(schema, instance)).OfType<SchemaProblem>()
            .MaxBy(problem => problem.InstancePointer.Count(c => c == '/'));
        var reason = closest is null ? "" : $" The closest one: {(closest.InstancePointer.Length > 0 ? closest.InstancePointer + ": " : "")}{closest.Message}";
        return $"The value fits none of the {schemas.Length} alternatives.{reason}";
    }
}
