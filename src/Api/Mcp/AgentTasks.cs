using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentPlatform.Api.Mcp;

/// <summary>
/// Runs as tasks. A task is a run and nothing beside it: so it is as durable as a run, any node answers for it, and there is nothing to be kept or cleaned up.
/// It is there for the key (or the person in a session) that started it, and for nobody else.
/// </summary>
sealed class AgentTasks(IMediator mediator, CallContext call, TaskInputs inputs, McpTaskTerms terms, TimeProvider time)
{
    public const string Extension = "io.modelcontextprotocol/tasks";

    static readonly TimeSpan Young = TimeSpan.FromMinutes(1);

    public IList<McpServerRequestHandler> Handlers =>
    [
        new() { Method = "tasks/get", RoutingNameParameter = "taskId", Handler = Get },
        new() { Method = "tasks/update", RoutingNameParameter = "taskId", Handler = Update },
        new() { Method = "tasks/cancel", RoutingNameParameter = "taskId", Handler = Cancel },
    ];

    /// <summary>The client said in this very request that it takes tasks; what it said before does not count.</summary>
    public static bool AreUnderstood(JsonRpcRequest request) => Capabilities(request)?["extensions"] is JsonObject extensions && extensions[Extension] is JsonObject;

    /// <returns>The task that stands for the run, as the answer to the call that started it; null when the run is not stored yet.</returns>
    public async Task<McpTask?> Made(Guid run, CancellationToken ct) =>
        await mediator.Send(new GetRun(run), ct) is { IsOk: true } found ? Show(found.Value, "task", pending: null, withOutcome: false) : null;

    async ValueTask<JsonNode?> Get(JsonRpcRequest request, CancellationToken ct)
    {
        var run = await Find(request, ct);

        // Whatever else the run does: one question may be open while another's answer is taken up.
        var pending = run.FinishedAt is null && Capabilities(request)?["elicitation"] is JsonObject ? await inputs.Pending(run.Id, ct) : null;
        return Show(run, "complete", pending, withOutcome: true).ToNode();
    }

    async ValueTask<JsonNode?> Update(JsonRpcRequest request, CancellationToken ct)
    {
        var run = await Find(request, ct);
        if (Parameter(request, "inputResponses") is not JsonObject responses)
        {
            throw new McpProtocolException("inputResponses is an object of answers by the name of what was asked.", McpErrorCode.InvalidParams);
        }

        await inputs.Answer(run.Id, responses, ct);
        return Done();
    }

    async ValueTask<JsonNode?> Cancel(JsonRpcRequest request, CancellationToken ct)
    {
        var run = await Find(request, ct);
        if (run.FinishedAt is null && await mediator.Send(new CancelRun(run.Id, "The MCP client canceled the task."), ct) is { IsOk: false, Error: { Kind: not ErrorKind.Conflict } error })
        {
            throw Refused(error);
        }

        return Done();
    }

    async Task<RunView> Find(JsonRpcRequest request, CancellationToken ct)
    {
        if (!AreUnderstood(request))
        {
            throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Extensions = new Dictionary<string, object> { [Extension] = new JsonObject() } });
        }

        if (Parameter(request, "taskId") is not JsonValue value || !value.TryGetValue<string>(out var text) || !Guid.TryParseExact(text, "D", out var id))
        {
            throw Unknown();
        }

        var found = await mediator.Send(new GetRun(id), ct);
        return found switch
        {
            { IsOk: true } when IsMine(found.Value) => found.Value,
            { IsOk: false, Error: { Kind: ErrorKind.Forbidden } error } => throw Refused(error),
            _ => throw Unknown(),
        };
    }

    bool IsMine(RunView run) =>
        run is { ParentRunId: null, TriggerSource: "manual", CreatedBy: { } by } && by == call.UserId && run.ApiKeyId == call.ApiKeyId
        && (run.FinishedAt is not { } finished || time.GetUtcNow() - finished < terms.Kept);

    McpTask Show(RunView run, string resultType, JsonObject? pending, bool withOutcome) => new()
    {
        ResultType = resultType,
        TaskId = run.Id.ToString(),
        Status = run switch
        {
            { Status: "canceled" } => "cancelled",
            { FinishedAt: not null } => "completed",
            _ => pending is { Count: > 0 } ? "input_required" : "working",
        },
        StatusMessage = $"The run is {run.Status}.",
        CreatedAt = run.QueuedAt,
        LastUpdatedAt = run.FinishedAt ?? run.StartedAt ?? run.QueuedAt,
        TtlMs = run.FinishedAt is { } finished ? (long)(finished - run.QueuedAt + terms.Kept).TotalMilliseconds : null,
        PollIntervalMs = time.GetUtcNow() - run.QueuedAt < Young ? 1000 : 5000,
        Outcome = withOutcome && run is { FinishedAt: not null, Status: not "canceled" }
            ? JsonSerializer.SerializeToNode(RunResults.Of(run), McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult)))
            : null,
        InputRequests = pending is { Count: > 0 } ? pending : null,
    };

    static JsonObject Done() => new() { ["resultType"] = "complete" };

    static McpProtocolException Unknown() => new("There is no such task of this key, or it has expired.", McpErrorCode.InvalidParams);

    static McpProtocolException Refused(Error error) => new(RunResults.Explain(error), McpErrorCode.InvalidRequest);

    static JsonObject? Capabilities(JsonRpcRequest request) => (Parameter(request, "_meta") as JsonObject)?[MetaKeys.ClientCapabilities] as JsonObject;

    static JsonNode? Parameter(JsonRpcRequest request, string name) => (request.Params as JsonObject)?[name];
}
