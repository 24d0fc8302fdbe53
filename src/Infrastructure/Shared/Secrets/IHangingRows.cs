namespace AgentPlatform.Infrastructure.Shared.Secrets;

/// <summary>Rows of one table that cannot be read without the key that sealed them.</summary>
interface IHangingRows
{
    /// <summary>In the plural, for the operator.</summary>
    string Name { get; }

    /// <summary>Those of the caller's tenant that another than the current key holds.</summary>
    Task<HangingRows> Count(CancellationToken ct);
}

/// <param name="Rows">How many.</param>
/// <param name="Until">When the last of them is of no more use, by itself; null where only sealing them anew helps.</param>
public sealed record HangingRows(long Rows, DateTimeOffset? Until);

/// <summary>What hangs on other keys than the current one.</summary>
public sealed record KeyUse(string Name, HangingRows Left);
