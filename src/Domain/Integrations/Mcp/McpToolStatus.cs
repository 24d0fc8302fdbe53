namespace AgentPlatform.Domain.Integrations.Mcp;

/// <summary>Where a tool stands between what its server says and what a person agreed to. Only an accepted one can be called.</summary>
public static class McpToolStatus
{
    public const string New = "new";
    public const string Accepted = "accepted";

    /// <summary>Accepted once, and its server says something else now.</summary>
    public const string Changed = "changed";

    /// <summary>Its server does not offer it any more.</summary>
    public const string Gone = "gone";

    public static string Of(string? seenHash, string? acceptedHash) =>
        seenHash is null ? Gone
        : acceptedHash is null ? New
        : seenHash == acceptedHash ? Accepted
        : Changed;
}
