using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared.Egress;
using ModelContextProtocol;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>The ways in which a server can fail us, with their codes, classes and sentences.</summary>
static class McpFailures
{
    const int MaxForeignText = 500;
    const string Unauthorized = "mcp_unauthorized";

    public static readonly SkillError ServerNotFound = new("mcp_server_not_found", "There is no such MCP server.", SkillErrorClass.InvalidInput, Retryable: false);
    public static readonly SkillError ToolNotFound = new("mcp_tool_not_found", "The MCP server has no such tool, or was never asked for its tools.", SkillErrorClass.InvalidInput, Retryable: false);
    public static readonly SkillError Disabled = new("mcp_server_disabled", "The MCP server is switched off.", SkillErrorClass.InvalidInput, Retryable: false);
    public static readonly SkillError NotAllowed = new("mcp_not_allowed", "The configuration of the MCP server does not allow this user to call its tools.", SkillErrorClass.Credential, Retryable: false);
    public static readonly SkillError Unreadable = new("mcp_config_unreadable", "The stored configuration of the MCP server cannot be opened; set it again.", SkillErrorClass.Credential, Retryable: false);
    public static readonly SkillError NoCredentials = new("credential_unknown", "The credential of the MCP server does not exist.", SkillErrorClass.Credential, Retryable: false);
    public static readonly SkillError ForeignEndpoint = new("mcp_foreign_endpoint", "The MCP server wants to be called at another place than the one that is registered.", SkillErrorClass.Egress, Retryable: false);
    public static readonly SkillError NoAnswer = new("mcp_no_answer", "The MCP server did not answer as the protocol asks within the time for it.", SkillErrorClass.Timeout, Retryable: true);
    public static readonly SkillError NotStorable = new("mcp_answer_not_storable", "The answer holds text or numbers that cannot be stored.", SkillErrorClass.InvalidResponse, Retryable: false);
    public static readonly SkillError TooMany = new("mcp_too_many_servers", "As many MCP servers as may be are in use; try again in a while.", SkillErrorClass.Limit, Retryable: true);
    public static readonly SkillError NoProcesses = new("stdio_not_available", "This node cannot run MCP servers as processes: it takes root and the kernel's namespaces.", SkillErrorClass.Limit, Retryable: false);
    public static readonly SkillError NotInCatalogue = new("mcp_not_in_catalogue", "The operator's catalogue does not have this MCP server any more.", SkillErrorClass.InvalidInput, Retryable: false);

    public static SkillError NotAccepted(string status) => new(
        "mcp_tool_quarantined", $"The tool is {status}: somebody has to look at it and accept it before it can be called.", SkillErrorClass.InvalidInput, Retryable: false,
        Detail: JsonSerializer.SerializeToElement(new { status }));

    public static SkillError InvalidValues(string message) => new("mcp_invalid_values", message, SkillErrorClass.InvalidInput, Retryable: false);

    public static SkillError TooMuch(string what) => new("mcp_answer_too_large", $"The MCP server sent {what}.", SkillErrorClass.Limit, Retryable: false);

    public static SkillError Timeout(TimeSpan limit) =>
        new("timeout", $"The MCP server did not answer within {limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.", SkillErrorClass.Timeout, Retryable: true);

    public static SkillError Exited(int? code, string lastWords) => new(
        "mcp_server_exited", $"The MCP server ended{(code is { } number ? string.Create(CultureInfo.InvariantCulture, $" with code {number}") : "")}.", SkillErrorClass.Network, Retryable: true,
        Detail: lastWords.Length > 0 ? JsonSerializer.SerializeToElement(new { stderr = lastWords }) : null);

    /// <summary>Whatever a stranger's answer did to the client, it is the stranger's failure and has a name. Null for our own caller's cancellation.</summary>
    public static SkillError From(Exception e) => e switch
    {
        EgressRefusedException refused => new(refused.Code, refused.Message, SkillErrorClass.Egress, Retryable: false),
        { InnerException: EgressRefusedException refused } => new(refused.Code, refused.Message, SkillErrorClass.Egress, Retryable: false),
        McpProtocolException { ErrorCode: McpErrorCode.InvalidParams } protocol => Told("mcp_invalid_arguments", "The MCP server refused the arguments", protocol.Message, SkillErrorClass.InvalidInput),
        McpProtocolException protocol => Told("mcp_error", "The MCP server answered with an error", protocol.Message, SkillErrorClass.InvalidResponse),
        HttpRequestException { StatusCode: { } status } => Status((int)status),
        { InnerException: HttpRequestException { StatusCode: { } status } } => Status((int)status),
        HttpRequestException or SocketException or { InnerException: SocketException or AuthenticationException or HttpRequestException } =>
            new("connection_failed", "The MCP server could not be reached.", SkillErrorClass.Network, Retryable: true),
        OperationCanceledException or TimeoutException => NoAnswer,
        _ => new("mcp_broken_answer", "The MCP server's answer is not what the protocol asks for.", SkillErrorClass.InvalidResponse, Retryable: true),
    };

    /// <summary>The same with what the server wants to be allowed: whoever consents next can be asked for it.</summary>
    public static SkillError Wanting(SkillError error, IReadOnlyList<string> scopes) => error.Code != Unauthorized || scopes.Count == 0 ? error : error with
    {
        Message = $"{error.Message} It wants a token for: {string.Join(' ', scopes)}",
        Detail = JsonSerializer.SerializeToElement(new { scopes }),
    };

    static SkillError Status(int status) => status switch
    {
        401 or 403 => new(Unauthorized, $"The MCP server refused the credential (status {Number(status)}).", SkillErrorClass.Credential, Retryable: false),
        429 => new("http_status", "The MCP server is called too often (status 429).", SkillErrorClass.TooManyRequests, Retryable: true),
        >= 500 => new("http_status", $"The MCP server answered with status {Number(status)}.", SkillErrorClass.ServerStatus, Retryable: status is not (501 or 505)),
        >= 300 and < 400 => new("mcp_redirected", $"The MCP server redirects elsewhere (status {Number(status)}); register the address to which it leads.", SkillErrorClass.InvalidResponse, Retryable: false),
        _ => new("http_status", $"The MCP server answered with status {Number(status)}.", SkillErrorClass.ClientStatus, Retryable: status is 404 or 408),
    };

    static SkillError Told(string code, string what, string message, string kind) =>
        new(code, $"{what}: {message[..Math.Min(message.Length, MaxForeignText)].Replace('\0', '\uFFFD')}", kind, Retryable: false);

    static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);
}
