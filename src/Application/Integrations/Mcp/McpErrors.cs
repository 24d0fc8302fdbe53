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

    public static readonly Error NotConnectable = Error.Conflict("mcp_not_connectable", "Only a server that has an address can be asked how it lets people in.");

    public static Error NotDiscovered(string why) => Error.Conflict("mcp_not_discovered", $"How this server lets people in could not be found out: {why}.");

    public static Error ClientNeeded(string redirectUri) => Error.Conflict(
        "mcp_client_needed", $"The authorization server registers no clients by itself: register one there by hand, with the redirect URI {redirectUri}, and send its client_id.");

    public static Error Stale(IEnumerable<string> names) => Error.Conflict("mcp_tool_stale", $"These tools are not what you looked at any more, or are gone: {string.Join(", ", names)}.");
}
