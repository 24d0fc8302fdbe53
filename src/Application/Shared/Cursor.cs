using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Shared;

/// <summary>
/// Where a list goes on: the sort values of the last row that was seen, opaque to callers. A check value binds it to tenant and list,
/// so that a cursor of another tenant or another list is refused instead of quietly giving a wrong page. It is no secret and grants nothing:
/// row-level security decides what is read.
/// </summary>
public static class Cursor
{
    const int CheckLength = 8;

    public static readonly Error Invalid = new(ErrorKind.Malformed, "invalid_cursor", "The cursor is not one that this list gave out.");

    public static string Encode(Guid tenantId, string list, params IReadOnlyList<string> values)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(values);
        return Base64Url.EncodeToString([.. Check(tenantId, list, body), .. body]);
    }

    /// <returns>As many values as <paramref name="count"/>; null for no cursor; a refusal for one that is not ours.</returns>
    public static Result<IReadOnlyList<string>?> Decode(Guid tenantId, string list, string? cursor, int count)
    {
        if (cursor is null)
        {
            return Result<IReadOnlyList<string>?>.Ok(null);
        }

        if (cursor.Length > 1024 || !Base64Url.IsValid(cursor))
        {
            return Invalid;
        }

        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length <= CheckLength || !bytes.AsSpan(0, CheckLength).SequenceEqual(Check(tenantId, list, bytes.AsSpan(CheckLength))))
        {
            return Invalid;
        }

        var values = JsonSerializer.Deserialize<string[]>(bytes.AsSpan(CheckLength));
        return values is { } read && read.Length == count ? read : Invalid;
    }

    static ReadOnlySpan<byte> Check(Guid tenantId, string list, ReadOnlySpan<byte> body)
    {
        var hash = SHA256.HashData([.. tenantId.ToByteArray(), .. Encoding.UTF8.GetBytes(list), .. body]);
        return hash.AsSpan(0, CheckLength);
    }
}
