using System.Globalization;
using AgentPlatform.Benchmarks;

// bench [seconds for each figure] | sustained CLIENTS SECONDS
return args switch
{
    ["sustained", var clients, var seconds] => await Bench.Run(TimeSpan.FromSeconds(Number(seconds)), Number(clients)),
    ["bench", var seconds] => await Bench.Run(TimeSpan.FromSeconds(Number(seconds))),
    _ => await Bench.Run(TimeSpan.FromSeconds(15)),
};

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
