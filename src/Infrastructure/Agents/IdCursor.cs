using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Infrastructure.Agents;

/// <summary>The cursor of lists that are ordered by id, which is by time.</summary>
static class IdCursor
{
    public static string Write(Guid tenant, string list, Guid last) => Cursor.Encode(tenant, list, last.ToString());

    public static Result<Guid?> Read(Guid tenant, string list, string? cursor)
    {
        var values = Cursor.Decode(tenant, list, cursor, 1);
        return !values.IsOk ? values.Error
            : values.Value is null ? Result<Guid?>.Ok(null)
            : Guid.TryParse(values.Value[0], out var id) ? Result<Guid?>.Ok(id)
            : Cursor.Invalid;
    }
}
