using System.Globalization;
using AgentPlatform.Benchmarks;

// bench [seconds for each figure] · prove [kills]
return args switch
{
    ["bench", var seconds] => await Bench.Run(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))),
    ["prove"] => await Prove.Run(200),
    ["prove", var kills] => await Prove.Run(int.Parse(kills, CultureInfo.InvariantCulture)),
    _ => await Bench.Run(TimeSpan.FromSeconds(15)),
};
