using System.Data;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Shared;

/// <summary>Teaches Dapper what our result records hold: snake_case columns, instants in UTC, JSON documents.</summary>
static class DapperSetup
{
    static readonly Lock Gate = new();
    static bool done;

    public static void Apply()
    {
        lock (Gate)
        {
            if (done)
            {
                return;
            }

            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.AddTypeHandler(new InstantHandler());
            SqlMapper.AddTypeHandler(new JsonHandler());
            SqlMapper.AddTypeHandler(new TextArrayHandler());
            done = true;
        }
    }

    /// <summary>Npgsql hands out UTC <see cref="DateTime"/>s; our records say <see cref="DateTimeOffset"/>, as the API does.</summary>
    sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTime at => new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)),
            DateTimeOffset at => at.ToUniversalTime(),
            _ => throw new DataException($"Not an instant: {value.GetType().Name}"),
        };

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;
    }

    /// <summary>A jsonb column as a document of its own (text on the wire both ways).</summary>
    sealed class JsonHandler : SqlMapper.TypeHandler<JsonElement>
    {
        /// <summary>Computed outputs may nest deeper than what callers may send.</summary>
        static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

        public override JsonElement Parse(object value)
        {
            using var document = JsonDocument.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!, Deep);
            return document.RootElement.Clone();
        }

        public override void SetValue(IDbDataParameter parameter, JsonElement value)
        {
            // The server takes the column's own type: json keeps the text as it is, jsonb is parsed.
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Unknown;
            parameter.Value = value.ValueKind == JsonValueKind.Undefined ? DBNull.Value : value.GetRawText();
        }
    }

    /// <summary>Npgsql announces an array column as <see cref="Array"/>, which no constructor takes.</summary>
    sealed class TextArrayHandler : SqlMapper.TypeHandler<string[]>
    {
        public override string[] Parse(object value) => (string[])value;

        public override void SetValue(IDbDataParameter parameter, string[]? value) => parameter.Value = (object?)value ?? DBNull.Value;
    }
}
