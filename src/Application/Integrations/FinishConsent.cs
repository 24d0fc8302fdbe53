using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Integrations;

/// <summary>Takes the answer that a person's browser brings back from where they consented, and stores the tokens that it is worth.</summary>
/// <param name="BrowserToken">The cookie that the flow began with.</param>
// Nobody needs to be signed in: the state names the flow, is known to nobody else, and counts once, in the browser that has the cookie.
// A query: what is taken stays taken whatever comes of it, and no transaction is held open while the other side answers.
[AllowAnonymousRequest]
public sealed record FinishConsent(string? State, string? Code, string? Error, string? Issuer, string? BrowserToken) : IQuery<ConsentGiven>;

/// <param name="ReturnTo">A path of this server; or null.</param>
public sealed record ConsentGiven(CredentialView Credential, string? ReturnTo);
