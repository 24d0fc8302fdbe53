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

    /// <summary>Null when headers and message agree, and say what the revision asks for.</summary>
    public static JsonRpcError? Check(HttpRequest request, JsonRpcMessage message)
    {
        var header = request.Headers["MCP-Protocol-Version"].ToString();
        var stated = Stated(message);
        if (stated is not null && header != stated)
        {
            return Mismatch(message, "The header MCP-Protocol-Version is not the revision that the message states.");
        }

        if ((stated ?? header) is { Length: > 0 } version && !Known.Contains(version))
        {
            return Unsupported(message, version[..Math.Min(version.Length, 40)], stated is null ? Known : [PerRequest]);
        }

        if (header != PerRequest || message is not JsonRpcRequest call)
        {
            return null;
        }

        return stated is null ? Error(message, McpErrorCode.InvalidParams, $"A request of revision {PerRequest} says its revision in _meta.", null)
            : Meta(message)?[MetaKeys.ClientCapabilities] is not JsonObject ? Error(message, McpErrorCode.InvalidParams, "A request says in _meta what its client can do.", null)
            : request.Headers["Mcp-Method"].ToString() != call.Method ? Mismatch(message, "The header Mcp-Method is not the message's method.")
            : Named(call) is { } name && request.Headers["Mcp-Name"].ToString() != name
                ? Mismatch(message, "The header Mcp-Name is not the name of the tool, or the id of the task, that the message is about.")
            : call.Method == RequestMethods.Initialize ? Error(message, McpErrorCode.MethodNotFound, $"Revision {PerRequest} has no handshake.", null)
            : null;
    }

    public static int StatusOf(int code) => (McpErrorCode)code switch
    {
        McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
        McpErrorCode.HeaderMismatch or McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.MissingRequiredClientCapability => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status200OK,
    };

    static string? Named(JsonRpcRequest call) => call.Method switch
    {
        RequestMethods.ToolsCall => Text(call.Params, "name"),
        "tasks/get" or "tasks/update" or "tasks/cancel" => Text(call.Params, "taskId"),
        _ => null,
    };

    static JsonRpcError Mismatch(JsonRpcMessage message, string text) => Error(message, McpErrorCode.HeaderMismatch, text, null);

    static JsonRpcError Unsupported(JsonRpcMessage message, string version, IEnumerable<string> supported) =>
        Error(message, McpErrorCode.UnsupportedProtocolVersion, $"The revision {version} is not supported.", new JsonObject
        {
            ["supported"] = new JsonArray([.. supported.Select(known => JsonValue.Create(known))]),
            ["requested"] = version,
        });

    public static JsonRpcError Error(JsonRpcMessage message, McpErrorCode code, string text, JsonNode? data) => new()
    {
        Id = message is JsonRpcMessageWithId asked ? asked.Id : default,
        Error = new JsonRpcErrorDetail { Code = (int)code, Message = text, Data = data },
    };

    static string? Stated(JsonRpcMessage message) => Text(Meta(message), MetaKeys.ProtocolVersion);

    static JsonNode? Meta(JsonRpcMessage message) => ((message as JsonRpcRequest)?.Params as JsonObject)?["_meta"];

    static string? Text(JsonNode? node, string name) => node is JsonObject members && members[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
