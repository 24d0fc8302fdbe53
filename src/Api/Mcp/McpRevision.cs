using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Api.Mcp;

/// <summary>What the revisions of the protocol ask of the HTTP around a message.</summary>
static class McpRevision
{
    /// <summary>From this one on every request says its revision itself, and repeats method and name as headers for those who route it.</summary>
    const string PerRequest = "2026-07-28";

    static readonly string[] Known = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", PerRequest];

    public static bool IsPerRequest(JsonRpcMessage message) => string.CompareOrdinal(Stated(message), PerRequest) >= 0;

    /// <summary>Null when headers and message agree.</summary>
    public static JsonRpcError? Check(HttpRequest request, JsonRpcMessage message)
    {
        var header = request.Headers["MCP-Protocol-Version"].ToString();
        var stated = Stated(message);
        if ((stated ?? header) is { Length: > 0 } version && !Known.Contains(version))
        {
            return Error(message, McpErrorCode.UnsupportedProtocolVersion, $"The revision {version[..Math.Min(version.Length, 40)]} is not supported.", new JsonObject
            {
                ["supported"] = new JsonArray([.. Known.Select(known => JsonValue.Create(known))]),
                ["requested"] = version[..Math.Min(version.Length, 40)],
            });
        }

        if (stated is null)
        {
            return header == PerRequest && message is JsonRpcRequest ? Mismatch(message, $"A request of revision {PerRequest} says its revision in _meta.") : null;
        }

        var method = message is JsonRpcRequest asked ? asked.Method : (message as JsonRpcNotification)?.Method;
        return header != stated ? Mismatch(message, "The header MCP-Protocol-Version is not the revision that the message states.")
            : request.Headers["Mcp-Method"].ToString() != method ? Mismatch(message, "The header Mcp-Method is not the message's method.")
            : message is JsonRpcRequest { Method: RequestMethods.ToolsCall } call && Text(call.Params, "name") is { } name && request.Headers["Mcp-Name"].ToString() != name
                ? Mismatch(message, "The header Mcp-Name is not the tool's name.")
            : null;
    }

    public static int StatusOf(int code) => (McpErrorCode)code switch
    {
        McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
        McpErrorCode.HeaderMismatch or McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.MissingRequiredClientCapability => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status200OK,
    };

    static JsonRpcError Mismatch(JsonRpcMessage message, string text) => Error(message, McpErrorCode.HeaderMismatch, text, null);

    static JsonRpcError Error(JsonRpcMessage message, McpErrorCode code, string text, JsonNode? data) => new()
    {
        Id = message is JsonRpcMessageWithId asked ? asked.Id : default,
        Error = new JsonRpcErrorDetail { Code = (int)code, Message = text, Data = data },
    };

    static string? Stated(JsonRpcMessage message) => Text(((message as JsonRpcRequest)?.Params as JsonObject)?["_meta"], MetaKeys.ProtocolVersion);

    static string? Text(JsonNode? node, string name) => node is JsonObject members && members[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
