using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>Tries out a piece of code as a skill would run it; nothing of it is stored but that it was done.</summary>
/// <param name="Language"><c>javascript</c>, <c>typescript</c> or <c>python</c>.</param>
/// <param name="SourceCode">Defines <c>main(input, ctx)</c>.</param>
/// <param name="Spec">As a version of a skill has it: <c>{ limits?, network? }</c>; a try-out has at most 60 s.</param>
[Requires("skills:write")]
public sealed record RunCode(string? Language = null, string? SourceCode = null, JsonElement? Input = null, JsonElement? Spec = null) : IRequest<Result<CodeRun>>, IValidate
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>What <see cref="Spec"/> says; to be asked for when it has been validated.</summary>
    public CodeSpec Limits => Spec is { } spec ? CodeSpec.Read("/spec", spec, []) : CodeSpec.Default;

    public IEnumerable<FieldError> Validate()
    {
        var problems = CodeSpec.Check(Language, SourceCode, Spec);
        if (Limits.Limits.Timeout > Longest)
        {
            problems.Add(new("/spec/limits/timeout_ms", "out_of_range", $"A try-out has at most {Longest.TotalMilliseconds} ms."));
        }

        return problems;
    }
}

/// <summary>How a try-out ended.</summary>
/// <param name="Status"><c>succeeded</c> or <c>failed</c>.</param>
/// <param name="Result">What <c>main</c> gave; null when it failed.</param>
/// <param name="Error">As a step's error: <c>code</c>, <c>message</c>, <c>class</c>, <c>retryable</c>, <c>detail</c>.</param>
/// <param name="Logs">What the code printed: <c>{ level, text }</c> each.</param>
/// <param name="CpuMs">Processor time.</param>
/// <param name="PeakBytes">The most memory that was seen, on top of the idle interpreter's.</param>
public sealed record CodeRun(string Status, JsonElement? Result, JsonElement? Error, JsonElement Logs, long DurationMs, long CpuMs, long PeakBytes);
