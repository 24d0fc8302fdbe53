using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>What an editor of code needs while somebody writes it.</summary>
static class CodeEndpoints
{
    public static void MapCode(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/code/run", async (Body<RunCode> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(body.Value, http.RequestAborted)).ToOk())
            .WithTags("Skills").WithName("RunCode").WithSummary("Runs a piece of code in the sandbox, as a skill of type code would")
            .Produces<CodeRun>().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}
