using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Shared.JsonSchema.Rules;

sealed class LengthRule(SchemaNode owner, long? min, long? max) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks)
    {
        if (instance.ValueKind != JsonValueKind.String)
            return true;
        var length = CodePoints(instance);
        var valid = true;
        if (length < min)
            valid = run.Collects && Fail(run, "minLength", $"The text has {length} characters; at least {min} are needed.");
        if (length > max)
            valid = run.Collects && Fail(run, "maxLength", $"The text has {length} characters; at most {max} are allowed.");
        return valid;
    }

    static int CodePoints(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        var count = 0;
        if (raw.Contains((byte)'\\'))
        {
            foreach (var _ in text.GetString().AsSpan().EnumerateRunes())
                count++;
            return count;
        }
        foreach (var b in raw)
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }
}

sealed class PatternRule(SchemaNode owner, string pattern, Regex regex) : Rule(owner)
{
    public override bool Evaluate(JsonElement instance, Evaluation run, Marks? marks) =>
        instance.ValueKind != JsonValueKind.String
        || run.Matches(regex, instance)
        || (run.Collects && Fail(run, "pattern", $"The text must match {pattern}."));
}
