using System.Text;
using System.Text.Json;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Agents.Graphs;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>What builders and editors ask while somebody writes a graph; nothing of it is stored.</summary>
static class GraphToolsEndpoints
{
    public static void MapGraphTools(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/agents/validate", async (Body<GraphBody> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ValidateGraph(body.Value.Graph), http.RequestAborted)).ToOk())
            .WithTags("Agents").WithName("ValidateGraph").WithSummary("Everything that is wrong with a graph, at once; nothing is stored")
            .Produces<GraphValidation>().ProducesProblem(StatusCodes.Status401Unauthorized);

        // Editors fetch it without credentials, as they do with every published schema.
        app.MapGet("/v1/schemas/graph", () => TypedResults.Text(GraphSchema.Json, "application/schema+json", Encoding.UTF8))
            .WithTags("Agents").WithName("GetGraphSchema").WithSummary("The JSON Schema of a graph")
            .Produces<JsonElement>(StatusCodes.Status200OK, "application/schema+json");

        app.MapPost("/v1/expressions/evaluate", async (Body<EvaluateExpression> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(body.Value, http.RequestAborted)).ToOk())
            .WithTags("Agents").WithName("EvaluateExpression").WithSummary("The value of an expression or a template over a context")
            .Produces<EvaluatedExpression>().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        app.MapPost("/v1/schemas/validate", async (Body<ValidateAgainstSchema> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(body.Value, http.RequestAborted)).ToOk())
            .WithTags("Agents").WithName("ValidateAgainstSchema").WithSummary("Checks a value against a JSON Schema (2020-12, draft-07 by $schema)")
            .Produces<SchemaValidation>().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }
}

sealed record GraphBody(JsonElement Graph);
