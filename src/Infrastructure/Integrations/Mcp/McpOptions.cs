using System.Globalization;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Postgres;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>What the operator says about MCP servers.</summary>
/// <param name="Catalogue">A file that names the servers that tenants may run as processes; null: there are none.</param>
/// <param name="WorkDirectory">Each process has a directory of its own below it.</param>
/// <param name="Idle">After this time without a call a connection is closed and a process ended.</param>
/// <param name="MaxProcesses">At one time on this node.</param>
/// <param name="MaxProcessesPerTenant">At one time on this node.</param>
/// <param name="Patience">Of finding a server and asking for its tools: what a stranger can make us wait for before anything is called.</param>
sealed record McpOptions(string? Catalogue, string WorkDirectory, TimeSpan Idle, int MaxProcesses, int MaxProcessesPerTenant, TimeSpan Patience)
{
    /// <summary>Connections over HTTP at one time on this node.</summary>
    public const int MaxConnections = 500;

    public static McpOptions From(IConfiguration configuration) => new(
        configuration["Mcp:Catalogue"] is { Length: > 0 } file ? Path.GetFullPath(file) : null,
        Path.GetFullPath(configuration["Mcp:WorkDirectory"] is { Length: > 0 } work ? work : Path.Combine(DatabaseOptions.From(configuration).DataDirectory, "mcp")),
        TimeSpan.FromSeconds(Number(configuration, "Mcp:IdleSeconds", 300, 1, 86_400)),
        Number(configuration, "Mcp:MaxProcesses", 32, 0, 1000),
        Number(configuration, "Mcp:MaxProcessesPerTenant", 4, 0, 1000),
        TimeSpan.FromSeconds(Number(configuration, "Mcp:PatienceSeconds", 8, 1, 60)));

    static int Number(IConfiguration configuration, string key, int fallback, int least, int most) => configuration[key] switch
    {
        null or "" => fallback,
        var text when int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most => number,
        _ => throw new StartException($"{key.Replace(":", "__", StringComparison.Ordinal)} must be a whole number from {least} to {most}."),
    };
}
