using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations.Mcp;

static class McpErrors
{
    public static readonly Error ServerNotFound = Error.NotFound("mcp_server");
    public static readonly Error ToolNotFound = Error.NotFound("mcp_tool");
    public static readonly Error SlugTaken = Error.Conflict("slug_taken", "There is an MCP server of this slug already.");
    public static readonly Error TooMany = Error.Conflict("too_many_mcp_servers", $"A tenant has at most {McpRules.MaxServers} MCP servers.");
    public static readonly Error Platforms = new(ErrorKind.Forbidden, "platform_mcp_server", "This is one of the platform's servers; configure it, nobody changes it.");
    public static readonly Error NotAccepted = Error.Conflict("mcp_tool_not_accepted", "Accept the tool as it is now before a skill is made of it.");

    public static Error Stale(IEnumerable<string> names) => Error.Conflict("mcp_tool_stale", $"These tools are not what you looked at any more, or are gone: {string.Join(", ", names)}.");
}
