using System.Globalization;
using AgentPlatform.Application.Shared;

namespace AgentPlatform.Infrastructure.Execution.Watching;

/// <summary>A place among a tenant's changes: everything up to and with it has been seen.</summary>
/// <param name="Xid">The transaction of the change.</param>
/// <param name="Id">Of the change; the empty one lies before all of the transaction.</param>
/// <param name="Number">How many events of the change have been seen; <see cref="int.MaxValue"/> is all of them.</param>
/// <param name="At">When that was, by the database's clock: what is kept for a day can be resumed for a day.</param>
sealed record FeedPosition(ulong Xid, Guid Id, int Number, DateTimeOffset At)
{
    /// <summary>No change lies after it: reading on from there tells the horizon and nothing else.</summary>
    public static readonly FeedPosition Beyond = new(ulong.MaxValue / 2, Guid.Empty, 0, default);

    const string List = "run-changes";

    public bool IsBefore(RunChange change) => (Xid, Id).CompareTo((change.Xid, change.Id)) < 0 || (IsWithin(change) && Number < int.MaxValue);

    public bool IsBefore(FeedPosition other) => (Xid, Id, Number).CompareTo((other.Xid, other.Id, other.Number)) < 0;

    /// <summary>How many of its events lie behind this place.</summary>
    public int SeenOf(RunChange change) => IsWithin(change) ? Number : 0;

    public string Encode(Guid tenantId) => Cursor.Encode(
        tenantId, List, Text(Xid), Id.ToString(), Text(Number), Text(At.ToUnixTimeMilliseconds()));

    /// <returns>Null for what is not a place among this tenant's changes.</returns>
    public static FeedPosition? Decode(Guid tenantId, string text) =>
        Cursor.Decode(tenantId, List, text, 4) is { IsOk: true, Value: [var xid, var id, var number, var at] }
            && ulong.TryParse(xid, NumberStyles.None, CultureInfo.InvariantCulture, out var transaction)
            && Guid.TryParse(id, out var row)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seen)
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? new FeedPosition(transaction, row, seen, DateTimeOffset.FromUnixTimeMilliseconds(ms))
            : null;

    bool IsWithin(RunChange change) => Xid == change.Xid && Id == change.Id;

    static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
