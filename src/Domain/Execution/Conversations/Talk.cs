namespace AgentPlatform.Domain.Execution.Conversations;

/// <summary>The words and bounds of conversations.</summary>
public static class Talk
{
    public const string Reject = "reject";
    public const string Enqueue = "enqueue";
    public const string Interrupt = "interrupt";

    public const int MaxContent = 32_768;
    public const int MaxTitle = 200;
    public const int MaxObjectBytes = 16 * 1024;

    /// <summary>Replies of one conversation that wait for their turn or are under way.</summary>
    public const int MaxPending = 10;

    const int MaxMadeTitle = 80;

    public static readonly IReadOnlyList<string> Policies = [Reject, Enqueue, Interrupt];

    public static readonly IReadOnlyList<string> Statuses = ["active", "completed", "failed", "canceled"];

    /// <summary>A title for a conversation that has none: how it begins.</summary>
    public static string? TitleOf(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var line = content.Split('\n').Select(text => text.Trim()).FirstOrDefault(text => text.Length > 0);
        if (line is null || line.Length <= MaxMadeTitle)
        {
            return line;
        }

        var end = char.IsHighSurrogate(line[MaxMadeTitle - 2]) ? MaxMadeTitle - 2 : MaxMadeTitle - 1;
        return $"{line[..end].TrimEnd()}…";
    }

    /// <summary>What the agent reads: the message, and after it the texts that came with it.</summary>
    public static string TextOf(string content, IEnumerable<MessageFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return string.Concat([content, .. files.Where(file => !file.IsImage).Select(file => $"\n\n[{file.Name}]\n{file.Text}")]);
    }
}
