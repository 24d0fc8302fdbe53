namespace AgentPlatform.Infrastructure.Agents;

static class LikePattern
{
    /// <summary>A pattern that finds the text anywhere, with its wildcards taken as themselves.</summary>
    public static string? Containing(string? text) => text is null
        ? null
        : $"%{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
