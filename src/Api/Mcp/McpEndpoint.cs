using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentPlatform.Api.Mcp;

/// <summary>
/// The platform as an MCP server: the caller's agents as tools. Every request stands for itself and brings its key, so there is no session that could be taken over
/// or that ties a client to a node; revisions that know sessions allow a server to have none. The protocol is the library's, the HTTP around it is ours.
/// </summary>
static class McpEndpoint
{
    static readonly Implementation Us = new() { Name = "AgentPlatform", Version = typeof(McpEndpoint).Assembly.GetName().Version?.ToString(3) ?? "0" };

    public static void MapMcp(this IEndpointRouteBuilder app) =>
        app.MapPost("/mcp", Answer).WithTags("MCP").WithName("Mcp").WithSummary("The platform as an MCP server (streamable HTTP): my active agents as tools")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream").Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    static async Task<IResult> Answer(HttpContext http, CallContext call, McpOrigins origins, AgentTools tools, AgentTasks tasks, ILoggerFactory loggers)
    {
        if (!call.IsSignedIn)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return AuthErrors.NotSignedIn.ToProblem();
        }

        if (call.TenantId is null || !call.Permissions.Allows("agents:read"))
        {
            return AuthErrors.MayNot("agents:read").ToProblem();
        }

        if (!origins.Allow(http))
        {
            return new Error(ErrorKind.Forbidden, "origin_not_allowed", "Pages of this origin may not call; the operator lists those that may in Mcp__AllowedOrigins.").ToProblem();
        }

        if (await Read(http) is not { } message)
        {
            return new Error(ErrorKind.Malformed, "invalid_message", "The body is not one JSON-RPC 2.0 message.").ToProblem();
        }

        var mismatch = McpRevision.Check(http.Request, message) ?? (McpRevision.IsPerRequest(message) ? await tools.Check(message, http.Request.Headers, http.RequestAborted) : null);
        return mismatch is not null
            ? Refuse(mismatch)
            : await Serve(http, message, tools, tasks, loggers);
    }

    static async Task<IResult> Serve(HttpContext http, JsonRpcMessage message, AgentTools tools, AgentTasks tasks, ILoggerFactory loggers)
    {
        await using var transport = new StreamableHttpServerTransport(loggers) { Stateless = true };
        await using var server = McpServer.Create(
            transport,
            new McpServerOptions
            {
                ServerInfo = Us,
                ServerInstructions = "Each tool is an agent of the tenant whose key you sent. A call starts a run of it and answers with the run's output, or with a task when the run takes longer.",
                ScopeRequests = false,
                Capabilities = new ServerCapabilities { Tools = new ToolsCapability(), Extensions = new Dictionary<string, object> { [AgentTasks.Extension] = new JsonObject() } },
                Handlers = new McpServerHandlers { ListToolsHandler = tools.List, CallToolWithAlternateHandler = tools.Call },
                RequestHandlers = tasks.Handlers,
            },
            loggers, http.RequestServices);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var running = server.RunAsync(end.Token);
        try
        {
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["X-Accel-Buffering"] = "no";
            var isNew = McpRevision.IsPerRequest(message);
            if (isNew)
            {
                // Then the library keeps the headers back until it knows whether the answer is an error.
                message.Context = new JsonRpcMessageContext { ProtocolVersion = http.Request.Headers["MCP-Protocol-Version"] };
            }

            if (!await transport.HandlePostRequestAsync(message, http.Response.Body, first => Begin(http, first, isNew), end.Token))
            {
                // A notification: there is nothing to say.
                http.Response.ContentType = null;
                http.Response.StatusCode = StatusCodes.Status202Accepted;
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (JsonException) when (!http.Response.HasStarted)
        {
            // The transport itself reads what initialize says.
            return Refuse(McpRevision.Error(message, McpErrorCode.InvalidParams, "The parameters are not what the method takes.", null));
        }
        finally
        {
            await end.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Results.Empty;
    }

    static IResult Refuse(JsonRpcError error) => Results.Json(
        error, McpJsonUtilities.DefaultOptions, statusCode: error.Error.Code == (int)McpErrorCode.MethodNotFound ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest);

    /// <summary>The newest revision says some errors in the status as well.</summary>
    static ValueTask Begin(HttpContext http, JsonRpcMessage? first, bool isNew)
    {
        if (isNew && first is JsonRpcError { Error: { } error })
        {
            http.Response.StatusCode = McpRevision.StatusOf(error.Code);
        }

        return ValueTask.CompletedTask;
    }

    static async Task<JsonRpcMessage?> Read(HttpContext http)
    {
        using var document = await RequestJson.Read(http);
        try
        {
            return (JsonRpcMessage?)document.RootElement.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage)));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
