using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Shared;

/// <summary>What this process does of the platform's work; nodes in any mix share one database.</summary>
/// <param name="IsApi">Serves requests and webhooks. Runs that it accepts without being a worker wait for one in the queue.</param>
/// <param name="IsWorker">Executes runs.</param>
/// <param name="IsScheduler">Does what time asks for: due schedules, partitions, retention, cleaning up.</param>
public sealed record NodeRoles(bool IsApi, bool IsWorker, bool IsScheduler)
{
    const string Option = "--role";

    public static readonly NodeRoles All = new(IsApi: true, IsWorker: true, IsScheduler: true);

    /// <summary><c>--role</c> of the command line, repeated or as a list, wins over <c>Roles</c> of the configuration; without either a node does everything.</summary>
    /// <exception cref="StartException">A role is unknown or missing.</exception>
    public static NodeRoles From(IReadOnlyList<string> args, IConfiguration configuration)
    {
        var given = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == Option)
            {
                given.Add(i + 1 < args.Count ? args[++i] : "");
            }
            else if (args[i].StartsWith(Option + "=", StringComparison.Ordinal))
            {
                given.Add(args[i][(Option.Length + 1)..]);
            }
        }

        if (given.Count > 0)
        {
            return Parse(Option, string.Join(',', given));
        }

        return configuration["Roles"] is { } text && !string.IsNullOrWhiteSpace(text) ? Parse("Roles", text) : All;
    }

    public override string ToString() => string.Join(", ", Names());

    static NodeRoles Parse(string setting, string text)
    {
        var roles = new NodeRoles(IsApi: false, IsWorker: false, IsScheduler: false);
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            roles = name switch
            {
                "api" => roles with { IsApi = true },
                "worker" => roles with { IsWorker = true },
                "scheduler" => roles with { IsScheduler = true },
                _ => throw new StartException($"{setting} is \"{text}\"; it takes api, worker and scheduler, one or several with commas between them."),
            };
        }

        return roles;
    }

    IEnumerable<string> Names()
    {
        if (IsApi)
        {
            yield return "api";
        }

        if (IsWorker)
        {
            yield return "worker";
        }

        if (IsScheduler)
        {
            yield return "scheduler";
        }
    }
}
