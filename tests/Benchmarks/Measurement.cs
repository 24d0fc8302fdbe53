namespace AgentPlatform.Benchmarks;

/// <summary>Measures one thing after another, each in a data directory of its own, into one table.</summary>
static class Measurement
{
    public static Task<int> Print(params Func<string, Table, Task>[] measures) => Print(new Table("figure", "measured", "PostgreSQL alone", "bar"), measures);

    public static async Task<int> Print(Table table, params Func<string, Table, Task>[] measures)
    {
        foreach (var measure in measures)
        {
            var data = Path.Combine(Path.GetTempPath(), $"agentplatform-bench-{Environment.ProcessId}");
            Directory.CreateDirectory(data);
            try
            {
                await measure(data, table);
            }
            finally
            {
                Directory.Delete(data, recursive: true);
            }
        }

        Console.WriteLine();
        Console.WriteLine(table);
        return 0;
    }

    /// <summary>What goes on, for whoever waits.</summary>
    public static void Say(string what) => Console.WriteLine($"… {what}");
}
