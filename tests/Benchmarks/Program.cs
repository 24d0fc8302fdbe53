using System.Globalization;
using AgentPlatform.Benchmarks;
using AgentPlatform.Benchmarks.Hostile;

// bench [seconds for each figure] | sustained CLIENTS SECONDS | fairness FLOOD SECONDS | engine RUNS | schedules STORED DUE SECONDS | growth SECONDS LEVEL… | models CALLS_PER_SECOND SECONDS | code TIMES | prove [KILLS [CLIENTS]] | prove code [RUNS]
// build.sh says "bench" first, whatever is measured.
return (args is ["bench", .. var rest] ? rest : args) switch
{
    ["sustained", var clients, var seconds] => await Measurement.Print((data, table) => Bench.SustainedOnly(data, Number(clients), Seconds(seconds), table)),
    ["fairness", var flood, var seconds] => await Measurement.Print((data, table) => FairnessBench.Fairness(data, Number(flood), Seconds(seconds), table)),
    ["engine", var runs] => await Measurement.Print((data, table) => FairnessBench.Engine(data, Number(runs), table)),
    ["schedules", var stored, var due, var seconds] => await Measurement.Print((data, table) => ScheduleBench.Run(data, Number(stored), Number(due), Seconds(seconds), table)),
    ["growth", var seconds, .. var levels] => await Measurement.Print((data, table) => GrowthBench.Run(data, [.. levels.Select(Number)], Seconds(seconds), table)),
    ["code", var times] => await CodeBench.Run(Number(times)),
    ["models", var perSecond, var seconds] => await ModelsBench.Run(Number(perSecond), Seconds(seconds)),
    ["prove", "code"] => await HostileProof.Run(1000),
    ["prove", "code", var times] => await HostileProof.Run(Number(times)),
    ["prove"] => await Prove.Run(ProvePlan.Of(kills: 200)),
    ["prove", var kills] => await Prove.Run(ProvePlan.Of(Number(kills))),
    ["prove", var kills, var clients] => await Prove.Run(ProvePlan.Of(Number(kills)) with { Clients = Number(clients) }),
    [var seconds] => await All(Seconds(seconds)),
    _ => await All(TimeSpan.FromSeconds(15)),
};

// Ten million stored runs take three quarters of an hour to store: "growth" goes as far when it is told to.
static Task<int> All(TimeSpan time) => Measurement.Print(
    (data, table) => Bench.Runs(data, time, table),
    (data, table) => FairnessBench.Engine(data, 60_000, table),
    (data, table) => FairnessBench.Fairness(data, 100_000, time, table),
    (data, table) => ScheduleBench.Run(data, 1_000_000, 5_000, time, table),
    (data, table) => GrowthBench.Run(data, [10_000, 100_000, 1_000_000], time, table));

static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(Number(text));

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
