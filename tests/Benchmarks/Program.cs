using System.Globalization;
using AgentPlatform.Benchmarks;
using AgentPlatform.Benchmarks.Hostile;

// bench [seconds for each figure] | sustained CLIENTS SECONDS | fairness FLOOD SECONDS | engine RUNS | schedules STORED DUE SECONDS | growth SECONDS LEVEL… | models CALLS_PER_SECOND SECONDS | code TIMES | prove [KILLS [CLIENTS]] | prove code [RUNS]
// build.sh says "bench" first, whatever is measured.
return (args is ["bench", .. var rest] ? rest : args) switch
{
    ["sustained", var clients, var seconds] => await Bench.Run(TimeSpan.FromSeconds(Number(seconds)), Number(clients)),
    ["fairness", var flood, var seconds] => await FairnessBench.Fairness(Number(flood), TimeSpan.FromSeconds(Number(seconds))),
    ["engine", var runs] => await FairnessBench.Engine(Number(runs)),
    ["schedules", var stored, var due, var seconds] => await ScheduleBench.Run(Number(stored), Number(due), TimeSpan.FromSeconds(Number(seconds))),
    ["growth", var seconds, .. var levels] => await GrowthBench.Run([.. levels.Select(Number)], TimeSpan.FromSeconds(Number(seconds))),
    ["code", var times] => await CodeBench.Run(Number(times)),
    ["models", var perSecond, var seconds] => await ModelsBench.Run(Number(perSecond), TimeSpan.FromSeconds(Number(seconds))),
    ["prove", "code"] => await HostileProof.Run(1000),
    ["prove", "code", var times] => await HostileProof.Run(Number(times)),
    ["prove"] => await Prove.Run(ProvePlan.Of(kills: 200)),
    ["prove", var kills] => await Prove.Run(ProvePlan.Of(Number(kills))),
    ["prove", var kills, var clients] => await Prove.Run(ProvePlan.Of(Number(kills)) with { Clients = Number(clients) }),
    [var seconds] => await Bench.Run(TimeSpan.FromSeconds(Number(seconds))),
    _ => await Bench.Run(TimeSpan.FromSeconds(15)),
};

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
