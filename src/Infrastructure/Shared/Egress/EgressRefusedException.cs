namespace AgentPlatform.Infrastructure.Shared.Egress;

/// <summary>An outgoing call that the guard did not let through. The message names the host and the reason, never an address that the host
/// resolved to: that would tell a tenant what the platform's network looks like.</summary>
/// <param name="code">One of <see cref="EgressRefusal"/>.</param>
/// <param name="message">One sentence for the agent's author.</param>
public sealed class EgressRefusedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>Codes of <see cref="EgressRefusedException"/>.</summary>
public static class EgressRefusal
{
    public const string InvalidUrl = "invalid_url";
    public const string SchemeNotAllowed = "scheme_not_allowed";
    public const string UserinfoNotAllowed = "userinfo_not_allowed";
    public const string PortNotAllowed = "port_not_allowed";
    public const string AddressNotAllowed = "address_not_allowed";

    /// <summary>The caller named the hosts that it needs, and this is none of them.</summary>
    public const string HostNotListed = "host_not_listed";
}
