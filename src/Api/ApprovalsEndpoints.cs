using System.Text.Json;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>What runs ask people.</summary>
public static class ApprovalsEndpoints
{
    public static IEndpointRouteBuilder MapApprovals(this IEndpointRouteBuilder app)
    {
        var approvals = app.MapGroup("/v1/approvals").WithTags("Approvals");
        approvals.MapGet("", async (string? status, Guid? run, bool? mine, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListApprovals(new PageRequest(limit, cursor), status, run, mine is true), ct)).ToOk())
            .WithName("ListApprovals").WithSummary("What people were asked, the newest first.").Produces<Page<ApprovalView>>().ProducesProblem(422);
        approvals.MapGet("/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new GetApproval(id), ct)).ToOk())
            .WithName("GetApproval").WithSummary("One approval.").Produces<ApprovalView>().ProducesProblem(404);
        approvals.MapPost("/{id:guid}/approve", async (Guid id, OptionalBody<Approval> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new DecideApproval(id, Approve: true, body.Value.Comment, body.Value.Payload), ct)).ToOk())
            .WithName("Approve").WithSummary("Approves, maybe with an edited payload; the run goes on.")
            .Produces<ApprovalView>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        approvals.MapPost("/{id:guid}/reject", async (Guid id, OptionalBody<Rejection> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new DecideApproval(id, Approve: false, body.Value.Comment), ct)).ToOk())
            .WithName("Reject").WithSummary("Rejects; the run goes on as its graph says.")
            .Produces<ApprovalView>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        return app;
    }

    public sealed record Approval
    {
        public string? Comment { get; init; }

        /// <summary>Takes the place of the payload that was asked about; at most 256 KiB.</summary>
        public JsonElement? Payload { get; init; }
    }

    public sealed record Rejection
    {
        public string? Comment { get; init; }
    }
}
