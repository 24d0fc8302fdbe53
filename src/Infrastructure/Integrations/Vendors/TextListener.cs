namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>Who is told the text as it comes. What was told cannot be taken back, so after a try that broke off in the middle nothing more is told: the whole answer comes in the end.</summary>
sealed class TextListener(Action<string> tell)
{
    public bool HasSpoken { get; private set; }

    public void Tell(string text)
    {
        if (text.Length > 0)
        {
            HasSpoken = true;
            tell(text);
        }
    }
}
