using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>What models called.</summary>
static class ToolExecutionsEndpoints
{
    public static void MapToolExecutions(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/tool-executions", async (Guid? run, string? agent, string? tool, string? status, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListToolExecutions(new PageRequest(limit, cursor), run, agent, tool, status), ct)).ToOk())
            .WithTags("Runs").WithName("ListToolExecutions").WithSummary("What models called, the newest first.")
            .Produces<Page<ToolExecutionView>>().ProducesProblem(404).ProducesProblem(422);
}
