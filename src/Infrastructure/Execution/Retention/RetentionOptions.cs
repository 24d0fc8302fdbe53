using System.Globalization;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Postgres;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Execution.Retention;

/// <param name="Directory">Where months are put away: <c>archive</c> in the data directory, or <c>Retention__Directory</c>.</param>
/// <param name="IsOn"><c>Retention__Mode</c> is <c>on</c>; otherwise months and steps stay.</param>
/// <param name="IsDryRun"><c>Retention__Mode</c> is <c>dry-run</c>: it is only said what would be done.</param>
sealed record RetentionOptions(string Directory, bool IsOn, bool IsDryRun)
{
    /// <exception cref="StartException">The mode is unknown.</exception>
    public static RetentionOptions From(IConfiguration configuration)
    {
        var directory = configuration["Retention:Directory"];
        return new RetentionOptions(
            string.IsNullOrWhiteSpace(directory) ? Path.Combine(DatabaseOptions.From(configuration).DataDirectory, "archive") : directory,
            IsOn: configuration["Retention:Mode"] is null or "" or "on",
            IsDryRun: configuration["Retention:Mode"] switch
            {
                null or "" or "on" or "off" => false,
                "dry-run" => true,
                var text => throw new StartException($"Retention__Mode is \"{text}\"; it takes on, off or dry-run."),
            });
    }

    public string DirectoryOf(DateOnly month) => Path.Combine(Directory, month.ToString("yyyy-MM", CultureInfo.InvariantCulture));
}
