using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>What failed at a server, as the API answers it.</summary>
static class McpRefusals
{
    public static Error Of(SkillError error) => error.Code switch
    {
        "mcp_server_not_found" => McpErrors.ServerNotFound,
        "mcp_tool_not_found" => McpErrors.ToolNotFound,
        "mcp_not_allowed" => new Error(ErrorKind.Forbidden, error.Code, error.Message),
        _ => error.Class switch
        {
            SkillErrorClass.InvalidInput when error.Code == "mcp_invalid_arguments" => Error.Invalid("/arguments", error.Code, error.Message),
            SkillErrorClass.Timeout or SkillErrorClass.Network or SkillErrorClass.ServerStatus or SkillErrorClass.TooManyRequests =>
                new Error(ErrorKind.Unavailable, error.Code, error.Message) { RetryAfter = error.RetryAfter ?? TimeSpan.FromSeconds(5) },
            _ => Error.Conflict(error.Code, error.Message),
        },
    };
}
