using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using MediatR;
using ModelContextProtocol;

namespace AgentPlatform.Api.Mcp;

/// <summary>
/// What a task's run asks people, as requests for input to the client: its approvals, those that the caller may decide. Whoever answers here decides as at
/// <c>/v1/approvals</c>, with the same checks and the same row in the audit log.
/// </summary>
sealed class TaskInputs(IMediator mediator, CallContext call)
{
    const int MaxPayload = 4000;

    /// <summary>Beyond that a run has more to ask than one client can show; the rest comes when these are decided.</summary>
    const int MaxPending = 50;

    static readonly JsonObject Form = (JsonObject)JsonNode.Parse("""
        {
          "type": "object",
          "properties": {
            "confirm": { "type": "boolean", "title": "Approve" },
            "comment": { "type": "string", "title": "Comment" }
          },
          "required": ["confirm"]
        }
        """)!;

    /// <summary>By the approval's id.</summary>
    public async Task<JsonObject> Pending(Guid run, CancellationToken ct)
    {
        var asked = new JsonObject();
        foreach (var approval in await Mine(run, ct))
        {
            asked.Add(approval.Id.ToString(), new JsonObject
            {
                ["method"] = "elicitation/create",
                ["params"] = new JsonObject { ["mode"] = "form", ["message"] = Message(approval), ["requestedSchema"] = Form.DeepClone() },
            });
        }

        return asked;
    }

    /// <summary>What is not pending any more, or never was, is passed over; an answer of <c>cancel</c> leaves the question open.</summary>
    public async Task Answer(Guid run, JsonObject responses, CancellationToken ct)
    {
        foreach (var approval in await Mine(run, ct))
        {
            if (responses[approval.Id.ToString()] is JsonObject response && Decision(approval.Id, response) is { } decision
                && await mediator.Send(decision, ct) is { IsOk: false, Error: { Kind: not ErrorKind.Conflict } error })
            {
                throw new McpProtocolException(RunResults.Explain(error), error.Kind is ErrorKind.Invalid ? McpErrorCode.InvalidParams : McpErrorCode.InvalidRequest);
            }
        }
    }

    async Task<IEnumerable<ApprovalView>> Mine(Guid run, CancellationToken ct)
    {
        if (!call.Permissions.Allows("runs:execute"))
        {
            return [];
        }

        var any = call.Permissions.Allows("approvals:write");
        var pending = await mediator.Send(new ListApprovals(new PageRequest(MaxPending), "pending", run), ct);
        if (!pending.IsOk || pending.Value.Items.Count == 0 || any)
        {
            return pending.IsOk ? pending.Value.Items : [];
        }

        var teams = await mediator.Send(new GetOwnTeams(), ct);
        return pending.Value.Items.Where(approval =>
            approval.AssigneeUserId is { } user && user == call.UserId || approval.AssigneeTeamId is { } team && teams.IsOk && teams.Value.Contains(team));
    }

    static DecideApproval? Decision(Guid approval, JsonObject response)
    {
        var content = response["content"] as JsonObject;
        var comment = content?["comment"] is JsonValue text && text.TryGetValue<string>(out var said) && said.Length > 0 ? said : null;
        return response["action"]?.ToString() switch
        {
            "accept" when content?["confirm"] is JsonValue value && value.TryGetValue<bool>(out var confirmed) => new DecideApproval(approval, confirmed, comment),
            "decline" => new DecideApproval(approval, Approve: false, comment),
            "cancel" => null,
            _ => throw new McpProtocolException($"The answer to {approval} is accept with a content that has confirm (true or false), decline, or cancel.", McpErrorCode.InvalidParams),
        };
    }

    static string Message(ApprovalView approval)
    {
        var payload = approval.Payload is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given ? given.GetRawText() : "";
        return payload.Length == 0 ? approval.Title : $"{approval.Title}\n{(payload.Length > MaxPayload ? $"{payload[..MaxPayload]} …" : payload)}";
    }
}
