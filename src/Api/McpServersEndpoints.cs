using System.Text.Json;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Application.Shared;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>MCP servers that agents use: registered, configured, their tools looked at, accepted and called.</summary>
static class McpServersEndpoints
{
    public static void MapMcpServers(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1").WithTags("MCP").ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        MapServers(group);
        MapTools(group.MapGroup("/mcp-servers/{server}").ProducesProblem(StatusCodes.Status404NotFound));
    }

    static void MapServers(RouteGroupBuilder group)
    {
        group.MapGet("/mcp-catalogue", async (HttpContext http, IMediator mediator) => (await mediator.Send(new ListMcpCatalogue(), http.RequestAborted)).ToOk())
            .WithName("ListMcpCatalogue").WithSummary("Servers that the operator lets tenants run as processes").Produces<Page<McpCatalogueView>>();

        group.MapPost("/mcp-servers", async (Body<RegisterMcpServer> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(body.Value, http.RequestAborted)).ToCreated(server => $"/v1/mcp-servers/{server.Slug}"))
            .WithName("RegisterMcpServer").WithSummary("Adds an MCP server, by its address or from the operator's catalogue")
            .Produces<McpServerView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapGet("/mcp-servers", async (int? limit, string? cursor, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListMcpServers(new PageRequest(limit, cursor)), http.RequestAborted)).ToOk())
            .WithName("ListMcpServers").WithSummary("My MCP servers and the platform's, the newest first")
            .Produces<Page<McpServerView>>().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapGet("/mcp-servers/{server}", async (string server, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new GetMcpServer(server), http.RequestAborted)).ToOk())
            .WithName("GetMcpServer").WithSummary("One server, by id or slug").Produces<McpServerView>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapPatch("/mcp-servers/{server}", async (string server, Body<McpServerPatch> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new UpdateMcpServer(server, body.Value), http.RequestAborted)).ToOk())
            .WithName("UpdateMcpServer").WithSummary("Changes what a server is called and whether it is used; its place stays")
            .Produces<McpServerView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapDelete("/mcp-servers/{server}", async (string server, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new DeleteMcpServer(server), http.RequestAborted)).ToNoContent())
            .WithName("DeleteMcpServer").WithSummary("Deletes a server with its configuration and tools")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);

        group.MapPut("/mcp-servers/{server}/config", async (string server, Body<McpConfigBody> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ConfigureMcpServer(server, body.Value), http.RequestAborted)).ToOk())
            .WithName("ConfigureMcpServer").WithSummary("How my tenant uses the server; headers and values are kept sealed and never come back")
            .Produces<McpServerView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    static void MapTools(RouteGroupBuilder group)
    {
        group.MapPatch("/config", async (string server, Body<McpConfigPatch> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new PatchMcpConfig(server, body.Value), http.RequestAborted)).ToOk())
            .WithName("PatchMcpConfig").WithSummary("Changes the members that are sent; null clears, and removes single headers and values")
            .Produces<McpServerView>().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapPost("/connect", async (string server, Body<McpConnectBody> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ConnectMcpServer(server, IntegrationsEndpoints.CallbackOf(http), body.Value), http.RequestAborted)).ToOk())
            .WithName("ConnectMcpServer").WithSummary("Finds out where people consent to the server's use, and prepares that: then send a browser to authorize_url")
            .Produces<McpConnection>().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapGet("/executions", async (string server, string? tool, string? status, Guid? run, int? limit, string? cursor, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListMcpExecutions(server, new PageRequest(limit, cursor), tool, status, run), http.RequestAborted)).ToOk())
            .WithName("ListMcpExecutions").WithSummary("What was called at the server, the newest first")
            .Produces<Page<McpExecutionView>>().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapPost("/refresh", async (string server, HttpContext http, IMediator mediator) => (await mediator.Send(new RefreshMcpTools(server), http.RequestAborted)).ToOk())
            .WithName("RefreshMcpTools").WithSummary("Asks the server what it offers; what is new or changed waits to be accepted")
            .Produces<McpRefreshView>().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        group.MapGet("/tools", async (string server, int? limit, string? cursor, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListMcpTools(server, new PageRequest(limit, cursor)), http.RequestAborted)).ToOk())
            .WithName("ListMcpTools").WithSummary("The server's tools as it described them when it was last asked")
            .Produces<Page<McpToolView>>().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapPost("/accept", async (string server, Body<McpAcceptBody> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new AcceptMcpTools(server, body.Value.Tools), http.RequestAborted)).ToOk())
            .WithName("AcceptMcpTools").WithSummary("Agrees to tools as they are now, each by its hash; all of them or none")
            .Produces<McpServerView>().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapPost("/tools/{tool}/call", async (string server, string tool, OptionalBody<McpCallBody> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new CallMcpTool(server, Uri.UnescapeDataString(tool), body.Value?.Arguments), http.RequestAborted)).ToOk())
            .WithName("CallMcpTool").WithSummary("Calls an accepted tool")
            .Produces<JsonElement>().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        group.MapPost("/tools/{tool}/skill", async (string server, string tool, OptionalBody<McpSkillBody> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new CreateMcpSkill(server, Uri.UnescapeDataString(tool), body.Value?.Slug, body.Value?.Name), http.RequestAborted)).ToCreated(skill => $"/v1/skills/{skill.Slug}"))
            .WithName("CreateMcpSkill").WithSummary("Makes a skill of an accepted tool, for graphs and for models")
            .Produces<SkillView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }
}

sealed record McpAcceptBody(McpToolHash[] Tools);

sealed record McpCallBody
{
    /// <summary>What the tool's input schema asks for; an empty object when not given.</summary>
    public JsonElement? Arguments { get; init; }
}

sealed record McpSkillBody
{
    /// <summary>Made of the server's and the tool's name when not given.</summary>
    public string? Slug { get; init; }

    public string? Name { get; init; }
}
