using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Integrations;

/// <summary>
/// Tries a credential: opens it, and sends it with one GET to the address that its integration names for that, or to one of the caller's choice
/// among the hosts that it may be sent to.
/// </summary>
// A query: a transaction would be held open for as long as the other side takes. It needs the right to change, because it spends the secret.
[Requires("credentials:write")]
public sealed record TestCredential(Guid Id, string? Url = null) : IQuery<CredentialTest>;

/// <param name="Ok">It opens and, where it was sent, was not refused.</param>
/// <param name="Status">What the other side answered; null when it was not asked.</param>
/// <param name="Code">Why not: a stable code; null when all is well.</param>
public sealed record CredentialTest(bool Ok, int? Status, string? Code, string Message);
