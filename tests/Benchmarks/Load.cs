using System.Diagnostics;

namespace AgentPlatform.Benchmarks;

/// <param name="Accepted">Deliveries answered with 2xx.</param>
/// <param name="Latencies">Of each, in milliseconds, ordered.</param>
sealed record LoadResult(int Accepted, int Refused, TimeSpan Elapsed, double[] Latencies)
{
    public double PerSecond => Accepted / Elapsed.TotalSeconds;

    public double Percentile(double share) => Latencies.Length == 0 ? double.NaN : Latencies[Math.Min(Latencies.Length - 1, (int)(Latencies.Length * share))];
}

/// <summary>Bounded load: so many clients, for so long.</summary>
static class Load
{
    /// <summary>Each client sends its next delivery when the last was answered.</summary>
    public static Task<LoadResult> Closed(Target target, int clients, TimeSpan time, bool wait) => Run(target, clients, time, wait, pace: null);

    /// <summary>A steady rate over all clients, however long the answers take (up to one at a time for each client).</summary>
    public static Task<LoadResult> Paced(Target target, int clients, int perSecond, TimeSpan time) =>
        Run(target, clients, time, wait: false, pace: TimeSpan.FromSeconds((double)clients / perSecond));

    static async Task<LoadResult> Run(Target target, int clients, TimeSpan time, bool wait, TimeSpan? pace)
    {
        var batch = Guid.CreateVersion7().ToString("n");
        var started = Stopwatch.GetTimestamp();
        using var patience = new CancellationTokenSource(time + TimeSpan.FromSeconds(30));
        var all = await Task.WhenAll(Enumerable.Range(0, clients).Select(n => Task.Run(() => Client(n))));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var latencies = all.SelectMany(one => one.Latencies).ToArray();
        Array.Sort(latencies);
        return new LoadResult(latencies.Length, all.Sum(one => one.Refused), elapsed, latencies);

        async Task<(List<double> Latencies, int Refused)> Client(int n)
        {
            using var connection = new WebhookConnection(target, $"{batch}-{n}", wait);
            var latencies = new List<double>();
            var refused = 0;
            var next = pace is { } period ? period * n / clients : TimeSpan.Zero;
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                if (pace is { } step)
                {
                    var early = next - Stopwatch.GetElapsedTime(started);
                    if (early > TimeSpan.Zero)
                    {
                        await Task.Delay(early, patience.Token);
                    }

                    next += step;
                }

                var sent = Stopwatch.GetTimestamp();
                if (await connection.Send(patience.Token) is >= 200 and < 300)
                {
                    latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }
                else
                {
                    refused++;
                }
            }

            return (latencies, refused);
        }
    }
}
