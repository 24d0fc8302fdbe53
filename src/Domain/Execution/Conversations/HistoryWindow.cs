using System.Text;

namespace AgentPlatform.Domain.Execution.Conversations;

/// <summary>How much of what was said before a run is given: the newest messages that fit all bounds, in their order.</summary>
/// <param name="Messages">At most so many.</param>
/// <param name="Tokens">At most about so many tokens; null: however many.</param>
public sealed record HistoryWindow(int Messages, int? Tokens = null)
{
    /// <summary>Of UTF-8: beside the largest message and its files it still fits into a run's input.</summary>
    public const int MaxBytes = 128 * 1024;

    /// <summary>A rule of thumb that holds well enough for a window; the model's own count is in its usage.</summary>
    const int CharactersPerToken = 4;

    /// <param name="newestFirst">What was said, the newest first.</param>
    /// <returns>What fits, the oldest first.</returns>
    public IReadOnlyList<Said> Of(IEnumerable<Said> newestFirst)
    {
        ArgumentNullException.ThrowIfNull(newestFirst);
        var (taken, bytes, tokens) = (new List<Said>(), 0, 0);
        foreach (var said in newestFirst)
        {
            bytes += Encoding.UTF8.GetByteCount(said.Content);
            tokens += (said.Content.Length + CharactersPerToken - 1) / CharactersPerToken;
            if (taken.Count == Messages || bytes > MaxBytes || tokens > Tokens)
            {
                break;
            }

            taken.Add(said);
        }

        taken.Reverse();
        return taken;
    }
}

/// <param name="Role">user or assistant.</param>
public sealed record Said(string Role, string Content);
