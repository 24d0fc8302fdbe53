using System.Globalization;
using AgentPlatform.Benchmarks;

// bench [seconds for each figure]
return args switch
{
    ["bench", var seconds] => await Bench.Run(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))),
    _ => await Bench.Run(TimeSpan.FromSeconds(15)),
};
