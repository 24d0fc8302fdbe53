using System.Globalization;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>How patient calls of vendors are.</summary>
/// <param name="FirstByte">Until a stream begins to answer (<c>Models__FirstByteSeconds</c>).</param>
/// <param name="BetweenChunks">Until a stream or a body goes on (<c>Models__BetweenChunksSeconds</c>).</param>
/// <param name="Total">For one try in all; an answer that is not streamed may take this long to begin (<c>Models__TotalSeconds</c>).</param>
/// <param name="Tries">Of one model, the first included (<c>Models__Tries</c>).</param>
/// <param name="Pause">Before the second try; doubled for each one after it (<c>Models__PauseMilliseconds</c>).</param>
/// <param name="MaxPause">A vendor that asks for more is not waited for here: another model, or the step's own retry, is the better way (<c>Models__MaxPauseSeconds</c>).</param>
/// <param name="BreakAfter">Calls within half a minute of which half fail open the circuit (<c>Models__BreakAfter</c>).</param>
/// <param name="BreakFor">For how long nothing is sent then (<c>Models__BreakSeconds</c>).</param>
sealed record ModelOptions(
    TimeSpan FirstByte, TimeSpan BetweenChunks, TimeSpan Total, int Tries, TimeSpan Pause, TimeSpan MaxPause, int BreakAfter, TimeSpan BreakFor)
{
    /// <summary>Bytes of one answer, after decompression.</summary>
    public const int MaxAnswerBytes = 20 * 1024 * 1024;

    public static ModelOptions From(IConfiguration configuration) => new(
        TimeSpan.FromSeconds(Number(configuration, "Models:FirstByteSeconds", 120, 1, 3600)),
        TimeSpan.FromSeconds(Number(configuration, "Models:BetweenChunksSeconds", 60, 1, 3600)),
        TimeSpan.FromSeconds(Number(configuration, "Models:TotalSeconds", 600, 1, 3600)),
        Number(configuration, "Models:Tries", 3, 1, 10),
        TimeSpan.FromMilliseconds(Number(configuration, "Models:PauseMilliseconds", 250, 1, 60_000)),
        TimeSpan.FromSeconds(Number(configuration, "Models:MaxPauseSeconds", 20, 0, 3600)),
        Number(configuration, "Models:BreakAfter", 10, 2, 10_000),
        TimeSpan.FromSeconds(Number(configuration, "Models:BreakSeconds", 15, 1, 3600)));

    static int Number(IConfiguration configuration, string key, int otherwise, int min, int max) => configuration[key] switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max => value,
        var text => throw new StartException($"{key.Replace(":", "__", StringComparison.Ordinal)} is {text}; it takes a whole number from {min} to {max}."),
    };
}
