using System.Text.Json;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>Calls tools of MCP servers for whoever needs them: the skill <c>mcp</c>, the agent loop, the API.</summary>
public interface IMcpTools
{
    /// <summary>Calls one accepted tool. Whatever the server does, the outcome is an answer; only the caller's own cancellation is thrown.</summary>
    Task<McpAnswer> Call(McpCall call, CancellationToken ct);

    /// <summary>What the server offers now, asked of it.</summary>
    Task<McpListing> List(Guid tenantId, string server, Guid? userId, CancellationToken ct);
}

/// <param name="Server">Slug or id of one of the tenant's servers, or of the platform's.</param>
/// <param name="RequestId">The same for every attempt at the same step; null for calls by hand.</param>
public sealed record McpCall(
    Guid TenantId, string Server, string Tool, JsonElement Arguments, string? RequestId = null, Guid? RunId = null, Guid? AgentId = null, Guid? UserId = null);

/// <param name="Output"><c>{content, structured, text, is_error}</c>: a tool that failed has answered, and says so in <c>is_error</c>. Null where <paramref name="Error"/> says why.</param>
public sealed record McpAnswer(JsonElement? Output, SkillError? Error);

/// <param name="Changed">Tools that are new, changed or gone since the last time; they wait for somebody to accept them.</param>
/// <param name="Ignored">Tools whose name or definition cannot be used.</param>
public sealed record McpListing(int Tools, int Changed, int Ignored, SkillError? Error);
