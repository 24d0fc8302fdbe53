using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>A delivery from outside: its signature is its authority.</summary>
/// <param name="Body">The raw bytes, as they were signed.</param>
/// <param name="Header">Looks a request header up by name, case-insensitively; null when it is missing.</param>
/// <param name="Headers">All headers, read only when the trigger's input mapping asks for them.</param>
/// <param name="Query">The query string's values.</param>
[AllowAnonymousRequest]
public sealed record FireWebhook(
    string TenantSlug,
    string Path,
    ReadOnlyMemory<byte> Body,
    Func<string, string?> Header,
    Func<IEnumerable<KeyValuePair<string, string>>> Headers,
    Func<IEnumerable<KeyValuePair<string, string>>> Query,
    string? RemoteIp) : IRequest<Result<WebhookRun>>;

/// <param name="TenantId">For reading the run on the sender's behalf, when it waits for the answer.</param>
/// <param name="Responds">The graph has a <c>respond</c> node, so that the delivery is answered by the run.</param>
public sealed record WebhookRun(Guid TenantId, StartedRun Run, bool Responds);
