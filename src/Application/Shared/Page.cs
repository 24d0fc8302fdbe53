using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Shared;

/// <summary>One page of a list, read by keyset.</summary>
/// <param name="NextCursor">Null on the last page; otherwise passed back as <c>cursor</c>.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>Makes a page from rows read with <c>limit + 1</c>: one row too many says that there is a next page.</summary>
    public static Page<T> Of(IReadOnlyList<T> rows, int limit, Func<T, string> cursorOf) =>
        rows.Count <= limit ? new Page<T>(rows, null) : new Page<T>([.. rows.Take(limit)], cursorOf(rows[limit - 1]));
}

/// <summary>The two parameters every list takes.</summary>
/// <param name="Limit">1 to 200; 50 when not given.</param>
public sealed record PageRequest(int? Limit = null, string? Cursor = null)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    public int Size => Limit ?? DefaultLimit;

    public bool IsSizeValid => Limit is null or (>= 1 and <= MaxLimit);

    public IEnumerable<FieldError> Validate() =>
        IsSizeValid ? [] : [new FieldError("/limit", "out_of_range", $"A limit is a number from 1 to {MaxLimit}.")];
}
