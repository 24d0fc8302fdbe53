using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>The slug of the tenant that the call works in: part of its webhooks' addresses.</summary>
[SignedIn]
public sealed record GetOwnSlug : IQuery<string>;
