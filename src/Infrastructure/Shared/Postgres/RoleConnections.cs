using Npgsql;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>The four roles' connection strings, made from the Main string: the same server, TLS and time-outs, another user and pool.</summary>
static class RoleConnections
{
    public const string OwnerRole = "agentplatform_owner";
    public const string AppRole = "agentplatform_app";
    public const string EngineRole = "agentplatform_engine";
    public const string OperatorRole = "agentplatform_operator";

    public static readonly string[] Roles = [OwnerRole, AppRole, EngineRole, OperatorRole];

    public static DatabaseConnections For(NpgsqlConnectionStringBuilder main, PoolSizes pools) => new(
        For(main, OwnerRole, pools.Owner), For(main, AppRole, pools.App), For(main, EngineRole, pools.Engine), For(main, OperatorRole, pools.Operator));

    public static string Of(DatabaseConnections connections, string role) => role switch
    {
        OwnerRole => connections.Owner,
        AppRole => connections.App,
        EngineRole => connections.Engine,
        OperatorRole => connections.Operator,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "One of the four roles"),
    };

    static string For(NpgsqlConnectionStringBuilder main, string role, int poolSize)
    {
        var mine = new NpgsqlConnectionStringBuilder(main.ConnectionString)
        {
            Username = role,
            Password = RolePassword.Derive(main.Password!, role),
            // pg_stat_activity then tells which of our pools a connection belongs to.
            ApplicationName = role.Replace('_', '-'),
            // Transactions are ours, explicitly; an ambient one is nobody's intention.
            Enlist = false,
            Multiplexing = false,
            // Clears app.tenant_id and whatever else a broken caller left behind.
            NoResetOnClose = false,
        };
        SetIfAbsent(mine, main, "Maximum Pool Size", poolSize);
        SetIfAbsent(mine, main, "Connection Idle Lifetime", 60);
        SetIfAbsent(mine, main, "Max Auto Prepare", 100);
        SetIfAbsent(mine, main, "Auto Prepare Min Usages", 3);
        SetIfAbsent(mine, main, "Timeout", 10);
        SetIfAbsent(mine, main, "Command Timeout", 30);
        return mine.ConnectionString;
    }

    static void SetIfAbsent(NpgsqlConnectionStringBuilder mine, NpgsqlConnectionStringBuilder main, string name, int value)
    {
        if (!main.ShouldSerialize(name))
        {
            mine[name] = value;
        }
    }
}
