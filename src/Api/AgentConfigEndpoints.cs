using System.Text.Json;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>The settings that an agent's runs read as <c>config.key</c>.</summary>
static class AgentConfigEndpoints
{
    public static void MapConfigs(this RouteGroupBuilder group, string name, string? kind)
    {
        group.MapGet("/{agent}/config", async (string agent, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListAgentConfigs(agent, kind), http.RequestAborted)).ToOk())
            .WithName($"List{name}Configs").WithSummary("The agent's settings, by key")
            .Produces<Page<AgentConfigView>>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapGet("/{agent}/config/{key}", async (string agent, string key, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new GetAgentConfig(agent, kind, key), http.RequestAborted)).ToOk())
            .WithName($"Get{name}Config").WithSummary("One setting")
            .Produces<AgentConfigView>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapPut("/{agent}/config/{key}", async (string agent, string key, Body<ConfigBody> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new SetAgentConfig(agent, kind, key, body.Value.Value, body.Value.Description, body.Value.IsEncrypted), http.RequestAborted)).ToOk())
            .WithName($"Set{name}Config").WithSummary("Writes a setting; runs that are accepted from then on read it")
            .Produces<AgentConfigView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapDelete("/{agent}/config/{key}", async (string agent, string key, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new DeleteAgentConfig(agent, kind, key), http.RequestAborted)).ToNoContent())
            .WithName($"Delete{name}Config").WithSummary("Deletes a setting")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }
}

/// <param name="Value">Any JSON, at most 64 KiB.</param>
/// <param name="IsEncrypted">Not available yet.</param>
sealed record ConfigBody(JsonElement Value, string? Description = null, bool IsEncrypted = false);
