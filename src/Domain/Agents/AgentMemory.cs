namespace AgentPlatform.Domain.Agents;

/// <summary>How much an agent remembers of a conversation.</summary>
/// <param name="IsEnabled">What the window does not hold any more is kept as a summary; otherwise it is forgotten.</param>
/// <param name="Messages">The newest messages that a run is given.</param>
/// <param name="Tokens">At most about so many tokens of them; null: however many.</param>
/// <param name="SummarizeAfter">So many messages gather behind the window before they are summed up together.</param>
public sealed record AgentMemory(bool IsEnabled, int Messages, int? Tokens, int SummarizeAfter)
{
    const int DefaultMessages = 20;
    const int DefaultSummarizeAfter = 10;

    public static readonly AgentMemory Default = new(IsEnabled: false, DefaultMessages, null, DefaultSummarizeAfter);

    public static AgentMemory Of(bool isEnabled, AgentLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new(isEnabled, (int)(limits.HistoryMessages ?? DefaultMessages), (int?)limits.HistoryTokens, (int)(limits.SummarizeAfter ?? DefaultSummarizeAfter));
    }
}
