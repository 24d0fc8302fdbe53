using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// Processor time of the three parties: the server, PostgreSQL with all its backends, and this load generator. On a machine that others use
/// as well it says more than the clock does: it is what a run costs.
/// </summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct CpuTime(TimeSpan Server, TimeSpan Postgres, TimeSpan Generator)
{
    static readonly double TicksPerSecond = 100;

    /// <param name="server">Null where there is none.</param>
    public static async Task<CpuTime> Of(ServerProcess? server, NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select pg_backend_pid()");
        var backend = (int)(await command.ExecuteScalarAsync())!;
        var postmaster = FieldsOf(backend.ToString(CultureInfo.InvariantCulture))[1];
        using var process = server is null ? null : Process.GetProcessById(server.Id);
        using var self = Process.GetCurrentProcess();
        var postgres = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Sum(pid => TicksOf(pid!, postmaster));
        return new CpuTime(process?.TotalProcessorTime ?? TimeSpan.Zero, TimeSpan.FromSeconds(postgres / TicksPerSecond), self.TotalProcessorTime);
    }

    public static CpuTime operator -(CpuTime after, CpuTime before) => new(after.Server - before.Server, after.Postgres - before.Postgres, after.Generator - before.Generator);

    /// <summary>Microseconds of each for one run.</summary>
    public string PerRun(int runs) => string.Create(
        CultureInfo.InvariantCulture,
        $"server {Server.TotalMicroseconds / runs:0} + PostgreSQL {Postgres.TotalMicroseconds / runs:0} + load generator {Generator.TotalMicroseconds / runs:0} µs");

    /// <summary>
    /// User and system ticks of this postmaster and its backends; 0 for every other process, and for one that has just ended. What those had used that ended
    /// stands with the postmaster (<c>cutime</c>, <c>cstime</c>).
    /// </summary>
    static long TicksOf(string pid, string postmaster)
    {
        try
        {
            var fields = FieldsOf(pid);
            return pid == postmaster ? Ticks(fields[11..15]) : fields[1] == postmaster ? Ticks(fields[11..13]) : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    static long Ticks(string[] fields) => fields.Sum(field => long.Parse(field, CultureInfo.InvariantCulture));

    /// <summary>What follows the command's name in <c>/proc/PID/stat</c>: state, parent, …</summary>
    static string[] FieldsOf(string pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }
}
