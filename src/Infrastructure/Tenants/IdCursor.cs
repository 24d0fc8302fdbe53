using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Infrastructure.Tenants;

/// <summary>The cursor of lists in the order of their ids, which is the order of time (UUIDv7).</summary>
static class IdCursor
{
    public static string Encode(Guid tenantId, string list, Guid last) => Cursor.Encode(tenantId, list, last.ToString());

    public static Result<Guid?> Decode(Guid tenantId, string list, string? cursor)
    {
        var values = Cursor.Decode(tenantId, list, cursor, 1);
        return !values.IsOk ? values.Error
            : values.Value is not { } found ? Result<Guid?>.Ok(null)
            : Guid.TryParse(found[0], out var id) ? id : Cursor.Invalid;
    }
}
