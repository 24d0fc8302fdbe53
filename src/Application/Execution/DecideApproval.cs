using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>
/// Approves or rejects. The assignee decides, or a member of the team that it is assigned to, or whoever may decide any
/// (<c>approvals:write</c>: admins and owners); one decision counts, the first.
/// </summary>
/// <param name="Payload">Takes the place of the payload that was asked about; only with an approval.</param>
[Requires("runs:execute")]
public sealed record DecideApproval(Guid Id, bool Approve, string? Comment = null, JsonElement? Payload = null) : ICommand<ApprovalView>, IValidate
{
    public const int MaxComment = 4000;

    public IEnumerable<FieldError> Validate()
    {
        if (Comment is { Length: > MaxComment })
        {
            yield return new FieldError("/comment", "too_long", $"A comment has at most {MaxComment} characters.");
        }

        if (!Approve && Payload is not null)
        {
            yield return new FieldError("/payload", "only_with_approval", "A rejection changes no payload; leave it out.");
        }

        foreach (var fault in ControlRules.CheckPayload(Payload))
        {
            yield return fault;
        }
    }
}

file sealed class Handler(IApprovals approvals, IMediator mediator, CallContext call, IAudit audit) : IRequestHandler<DecideApproval, Result<ApprovalView>>
{
    static readonly Error NotAssigned = new(ErrorKind.Forbidden, "not_assigned", "This approval is for somebody else to decide.");

    static readonly Error Decided = Error.Conflict("approval_decided", "This approval is not pending any more: it was decided, it expired, or its run ended.");

    public async Task<Result<ApprovalView>> Handle(DecideApproval request, CancellationToken cancellationToken)
    {
        if (await approvals.Find(request.Id, cancellationToken) is not { } asked)
        {
            return ExecutionErrors.ApprovalNotFound;
        }

        var mayDecide = await MayDecide(asked, cancellationToken);
        if (!mayDecide.IsOk)
        {
            return mayDecide.Error;
        }

        if (!mayDecide.Value)
        {
            return NotAssigned;
        }

        if (await approvals.Decide(asked, request.Approve, request.Comment, request.Payload, cancellationToken) is not { } decided)
        {
            return Decided;
        }

        audit.Record(request.Approve ? "approval.approved" : "approval.rejected", "approval", request.Id.ToString(),
            after: new { asked.RunId, asked.NodeId, request.Comment, Edited = request.Payload is not null });
        return decided;
    }

    async Task<Result<bool>> MayDecide(ApprovalView asked, CancellationToken ct)
    {
        if (call.Permissions.Allows("approvals:write") || (asked.AssigneeUserId is { } user && user == call.UserId))
        {
            return true;
        }

        if (asked.AssigneeTeamId is not { } team)
        {
            return false;
        }

        var teams = await mediator.Send(new GetOwnTeams(), ct);
        return teams.Map(ids => ids.Contains(team));
    }
}
