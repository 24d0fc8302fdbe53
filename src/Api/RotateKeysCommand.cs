using System.Globalization;
using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Api;

/// <summary>
/// <c>rotate-keys</c>: puts whatever is sealed under the current key; afterwards the former ones may be forgotten. It can be stopped and run again.
/// <c>rotate-keys status</c>: what still hangs on the former ones, and until when.
/// </summary>
static class RotateKeysCommand
{
    /// <summary>The exit code while a former key is still needed.</summary>
    const int StillNeeded = 3;

    public static async Task<int> Run(string[] args)
    {
        if (args is not ([] or ["status"]))
        {
            await Console.Error.WriteLineAsync("usage: rotate-keys [status]");
            return 2;
        }

        await using var platform = await Platform.Build([]);
        var rotation = platform.App.Services.GetRequiredService<KeyRotation>();
        var hasFailed = args is [] && !await Rotate(rotation);
        var isNeeded = await Tell(rotation);
        return hasFailed ? 1 : args is ["status"] && isNeeded ? StillNeeded : 0;
    }

    static async Task<bool> Rotate(KeyRotation rotation)
    {
        var rotated = await rotation.Run(CancellationToken.None);
        foreach (var rows in rotated)
        {
            await Console.Out.WriteLineAsync($"{rows.Name}: {rows.Done} sealed anew" + (rows.Failed > 0 ? $", {rows.Failed} do not open here and were left as they were" : ""));
        }

        return rotated.All(rows => rows.Failed == 0);
    }

    static async Task<bool> Tell(KeyRotation rotation)
    {
        var left = (await rotation.Status(CancellationToken.None)).Where(use => use.Left.Rows > 0).ToList();
        foreach (var (name, (rows, until)) in left)
        {
            await Console.Out.WriteLineAsync($"{name}: {rows} hang on another key, " + (until is { } end
                ? $"the last until {end.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}: they go by themselves"
                : "until rotate-keys seals them anew"));
        }

        await Console.Out.WriteLineAsync(left.Count == 0 ? "Nothing hangs on another key than the current one: the former ones may be forgotten." : "Keep the former keys until nothing hangs on them.");
        return left.Count > 0;
    }
}
