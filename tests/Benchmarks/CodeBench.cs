using System.Diagnostics;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Code;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Shared.Egress;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentPlatform.Benchmarks;

/// <summary>How long customers' code takes to begin, in a process that has to be started and in one that waits, and how soon it is over past a limit.</summary>
static class CodeBench
{
    const string JavaScript = "function main(input) { return { sum: input.a + input.b }; }";
    const string TypeScript = "function main(input: { a: number, b: number }): object { return { sum: input.a + input.b }; }";
    const string Python = "def main(input, ctx):\n  return {'sum': input['a'] + input['b']}";

    static readonly Datum Input = Datum.FromObject(new Dictionary<string, Datum> { ["a"] = Datum.From(1L), ["b"] = Datum.From(2L) });

    public static async Task<int> Run(int times)
    {
        if (!Options(0, 0).IsInstalled)
        {
            await Console.Error.WriteLineAsync("The sandbox is not installed: run sandbox/install.sh.");
            return 1;
        }

        var table = new Table("figure", "median", "P95", "most");
        foreach (var (language, code) in new[] { ("javascript", JavaScript), ("typescript", TypeScript), ("python", Python) })
        {
            Add(table, $"{language}, cold: the process is started for it", await Cold(language, code, language == "python" ? Math.Min(times, 20) : times));
            Add(table, $"{language}, warm: a process waits for it", await Warm(language, code, language == "python" ? Math.Min(times, 20) : times));
        }

        await Kills(table, times);
        Console.WriteLine();
        Console.WriteLine(table);
        return 0;
    }

    static async Task<List<double>> Cold(string language, string code, int times)
    {
        await using var pool = Pool(0, 0);
        using var sandbox = Sandbox(pool);
        // The first one of all finds out which walls the machine allows.
        await Once(sandbox, language, code, CodeSpec.Default);
        var taken = new List<double>();
        for (var i = 0; i < times; i++)
        {
            taken.Add(await Timed(() => Once(sandbox, language, code, CodeSpec.Default)));
        }

        return taken;
    }

    static async Task<List<double>> Warm(string language, string code, int times)
    {
        await using var pool = Pool(2, 2);
        using var sandbox = Sandbox(pool);
        var taken = new List<double>();
        await Once(sandbox, language, code, CodeSpec.Default);
        for (var i = 0; i < times; i++)
        {
            // One after the other, so that what is measured is not the wait for the next process.
            while (pool.Waiting(language) < 2)
            {
                await Task.Delay(5);
            }

            taken.Add(await Timed(() => Once(sandbox, language, code, CodeSpec.Default)));
        }

        return taken;
    }

    /// <summary>Milliseconds past the limit until the process was gone.</summary>
    static async Task Kills(Table table, int times)
    {
        await using var pool = Pool(2, 2);
        using var sandbox = Sandbox(pool);
        var (late, busy, grown) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < times; i++)
        {
            var slept = await Outcome(sandbox, "function main() { return new Promise(() => setInterval(() => { }, 1000)); }", new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), 128, 1000));
            late.Add(slept.Elapsed.TotalMilliseconds - 200);
            var spun = await Outcome(sandbox, "function main() { for (;;); }", new(TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(200), 128, 1000));
            busy.Add(spun.Cpu.TotalMilliseconds - 200);
            var filled = await Outcome(sandbox, "function main() { const a = []; for (;;) a.push(new Uint8Array(100_000).fill(1)); }", new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), 64, 1000));
            grown.Add(filled.PeakBytes / 1048576.0 - 64);
        }

        Add(table, "time past a timeout of 200 ms until it is dead", late);
        Add(table, "processor time past a limit of 200 ms", busy);
        Add(table, "memory past a limit of 64 MiB, in MiB", grown, "MiB");
    }

    static Task Once(CodeSandbox sandbox, string language, string code, CodeSpec spec) => Checked(sandbox.Run(Job(language, code, spec), CancellationToken.None));

    static async Task Checked(Task<CodeOutcome> run)
    {
        var outcome = await run;
        if (outcome.Error is { } error)
        {
            throw new InvalidOperationException($"{error.Code}: {error.Message}");
        }
    }

    static Task<CodeOutcome> Outcome(CodeSandbox sandbox, string code, CodeLimits limits) => sandbox.Run(Job("javascript", code, new(limits, [])), CancellationToken.None);

    static CodeJob Job(string language, string code, CodeSpec spec) => new(Guid.Empty, language, code, Input, new Dictionary<string, string>(), spec);

    static SandboxOptions Options(int spare, int sparePython) =>
        SandboxOptions.From(new ConfigurationBuilder().Build()) with { Spare = spare, SparePython = sparePython };

    static SandboxPool Pool(int spare, int sparePython) => new(Options(spare, sparePython), TimeProvider.System, NullLogger<SandboxPool>.Instance);

    static CodeSandbox Sandbox(SandboxPool pool) =>
        new(pool, new SandboxFetch(new HttpRequestCall(new GuardedHttp(EgressPolicy.Create([], [])), TimeProvider.System)), Options(2, 2));

    static async Task<double> Timed(Func<Task> run)
    {
        var started = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    static void Add(Table table, string name, List<double> taken, string unit = "ms")
    {
        taken.Sort();
        table.Add(name, $"{taken[taken.Count / 2]:0.0} {unit}", $"{taken[(int)(taken.Count * 0.95)]:0.0} {unit}", $"{taken[^1]:0.0} {unit}");
    }
}
