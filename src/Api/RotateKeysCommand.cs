using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Api;

/// <summary><c>rotate-keys</c>: puts whatever is sealed under the current key; afterwards the former ones may be forgotten. It can be stopped and run again.</summary>
static class RotateKeysCommand
{
    public static async Task<int> Run(string[] args)
    {
        if (args.Length > 0)
        {
            await Console.Error.WriteLineAsync("usage: rotate-keys");
            return 2;
        }

        await using var platform = await Platform.Build([]);
        var rotated = await platform.App.Services.GetRequiredService<KeyRotation>().Run(CancellationToken.None);
        foreach (var rows in rotated)
        {
            await Console.Out.WriteLineAsync($"{rows.Name}: {rows.Done} sealed anew" + (rows.Failed > 0 ? $", {rows.Failed} do not open here and were left as they were" : ""));
        }

        return rotated.Any(rows => rows.Failed > 0) ? 1 : 0;
    }
}
