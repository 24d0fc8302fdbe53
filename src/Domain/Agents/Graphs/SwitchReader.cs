using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Reads the <c>with</c> of the built-in <c>switch</c>: <c>{ cases: [{ name, when }], default? }</c>. Its conditions are
/// expressions with or without the sign of one, so it is read here and not held against the skill's schema.</summary>
static class SwitchReader
{
    const int MaxCases = 100;
    const int MaxName = 63;

    public static List<SwitchCase> Read(JsonElement with, string pointer, GraphLimits limits, Action<string, IEnumerable<string>> checkScope, ICollection<GraphProblem> problems)
    {
        List<SwitchCase> cases = [];
        if (ObjectFields.Read(with, pointer, "A switch", ["cases", "default"], problems) is not { } fields)
            return cases;

        if (fields.Require("cases", "list the cases, each with a name and a condition.") && fields.Array("cases") is { } list)
        {
            if (list.GetArrayLength() is 0 or > MaxCases)
                fields.Report("cases", GraphProblemCodes.InvalidValue, $"A switch has 1 to {MaxCases} cases; this has {list.GetArrayLength()}.");
            var index = 0;
            foreach (var element in list.EnumerateArray())
            {
                if (ReadCase(element, JsonPointer.Append(fields.At("cases"), index), index, limits, checkScope, problems) is { } read)
                    Add(read, JsonPointer.Append(fields.At("cases"), index), cases, problems);
                index++;
            }
        }

        // Falling back to a case that also has a condition is allowed, so the default's name may be taken.
        if (fields.Text("default", 1, MaxName) is { } name)
            cases.Add(new SwitchCase(name, null, -1));
        return cases;
    }

    // A case whose condition does not compile still has a name, so that edges to it are not reported as well.
    static SwitchCase? ReadCase(
        JsonElement element, string pointer, int index, GraphLimits limits, Action<string, IEnumerable<string>> checkScope, ICollection<GraphProblem> problems)
    {
        if (ObjectFields.Read(element, pointer, "A case", ["name", "when"], problems) is not { } fields)
            return null;

        var name = fields.Require("name", "edges and the output speak of the case by its name.") ? fields.Text("name", 1, MaxName) : null;
        Expression? condition = null;
        if (fields.Require("when", "give the condition under which the case wins.") && fields.Text("when", 1, int.MaxValue) is { } when)
            condition = Conditions.Compile(GraphDocument.ConditionText(when), fields.At("when"), limits, problems);
        if (condition is not null)
        {
            checkScope(fields.At("when"), condition.RootFields);
            Conditions.Constant(condition, fields.At("when"), problems);
        }

        return name is null ? null : new SwitchCase(name, condition, index);
    }

    static void Add(SwitchCase read, string pointer, List<SwitchCase> cases, ICollection<GraphProblem> problems)
    {
        if (cases.Exists(c => c.Name == read.Name))
            problems.Add(GraphProblem.Error(JsonPointer.Append(pointer, "name"), GraphProblemCodes.DuplicateCase, $"There is a case '{read.Name}' already; choose another name."));
        else
            cases.Add(read);
    }
}
