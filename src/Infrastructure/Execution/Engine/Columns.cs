using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Turns rows into the array parameters that <c>unnest</c> takes, one array a column.</summary>
readonly ref struct Columns(NpgsqlParameterCollection parameters, int count)
{
    public void Add<T>(string name, NpgsqlDbType type, Func<int, T> value)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = value(i);
        }

        parameters.Add(new NpgsqlParameter<T[]>(name, type | NpgsqlDbType.Array) { TypedValue = values });
    }
}
