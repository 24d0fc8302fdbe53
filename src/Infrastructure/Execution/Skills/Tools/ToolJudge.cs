using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Execution.Engine;

namespace AgentPlatform.Infrastructure.Execution.Skills.Tools;

/// <summary>A call that a model asks for, and what becomes of it.</summary>
/// <param name="Tool">Null for one that there is not.</param>
/// <param name="Refusal">Why it cannot be made; null when it can.</param>
sealed record JudgedCall(WantedCall Call, Tool? Tool, SkillError? Refusal);

/// <summary>Whether a call can be made as the model wants it. What it says of one that cannot is for the model, so that it can do better.</summary>
sealed class ToolJudge(ToolSet tools)
{
    const int MaxProblems = 5;
    const int MaxArgumentBytes = 1024 * 1024;

    readonly Dictionary<string, int> calls = new(StringComparer.Ordinal);

    /// <param name="place">Of the call in its answer, from 0 on.</param>
    public JudgedCall Judge(WantedCall call, int place)
    {
        var tool = tools.Find(call.Name);
        return new JudgedCall(call, tool, RefusalOf(call, tool, place));
    }

    SkillError? RefusalOf(WantedCall call, Tool? tool, int place)
    {
        if (tool is null)
        {
            return Refused("unknown_tool", $"There is no tool \"{call.Name}\"; there are: {string.Join(", ", tools.Tools.Select(known => known.Name))}.");
        }

        if (place >= LoopTerms.MostCallsAtOnce)
        {
            return Refused("too_many_calls", $"At most {LoopTerms.MostCallsAtOnce} calls are made at once.");
        }

        if (Fault(tool, call) is { } fault)
        {
            return Refused("invalid_arguments", fault);
        }

        var count = calls.GetValueOrDefault(tool.Name) + 1;
        if (count > tool.Terms.MaxCalls)
        {
            return Refused("too_many_calls", $"This tool may be called {tool.Terms.MaxCalls} times, which it has been.");
        }

        calls[tool.Name] = count;
        return null;
    }

    static string? Fault(Tool tool, WantedCall call)
    {
        if (call.Fault is not null)
        {
            return call.Fault;
        }

        if (Json.Write(call.Arguments) is not { Length: <= MaxArgumentBytes })
        {
            return $"The arguments have more than {MaxArgumentBytes} bytes.";
        }

        if (call.Arguments.EnumerateMembers().Select(member => member.Key).FirstOrDefault(tool.Preset.Contains) is { } set)
        {
            return $"\"{set}\" is set already and cannot be given.";
        }

        // An agent holds its input against its own schema, as every run's.
        if (tool.Agent is not null || tool.Skill.InputSchema is not { } schema)
        {
            return null;
        }

        var problems = schema.Validate(Preset.Under(tool.Skill, call.Arguments).ToJsonElement(), MaxProblems);
        return problems.Count == 0 ? null : string.Join(" ", problems.Select(problem => $"{problem.InstancePointer} {problem.Message}".TrimStart()));
    }

    static SkillError Refused(string code, string message) => new(code, message, SkillErrorClass.InvalidInput, Retryable: false);
}
