using System.Globalization;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Shared;

/// <summary>The version of something people edit: its <c>updated_at</c> in microseconds, which the database keeps exactly.</summary>
public static class ETags
{
    public static readonly Error Stale = new(ErrorKind.PreconditionFailed, "stale", "It was changed since you read it; read it again and repeat the change.");

    public static string Of(DateTimeOffset updatedAt) => $"\"{updatedAt.ToUnixTimeMilliseconds() * 1000 + updatedAt.Microsecond:x}\"";

    /// <returns>The instant that the caller saw; null when no <c>If-Match</c> was sent, or <c>*</c>.</returns>
    public static Result<DateTimeOffset?> Parse(string? ifMatch)
    {
        if (string.IsNullOrEmpty(ifMatch) || ifMatch == "*")
        {
            return Result<DateTimeOffset?>.Ok(null);
        }

        // A malformed tag cannot be the current one.
        return ifMatch is ['"', .. var hex, '"'] && long.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var micros) && micros is >= 0 and < 253_402_300_800_000_000
            ? DateTimeOffset.UnixEpoch.AddMicroseconds(micros)
            : Stale;
    }
}
