using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using MediatR;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentPlatform.Api.Mcp;

/// <summary>
/// The caller's agents as tools. A call starts a run and waits for it. A run that takes longer becomes a task, if the client knows tasks; if not, it is waited for as long
/// as clients do, then goes on, and the answer says where it can be read.
/// </summary>
sealed class AgentTools(IMediator mediator, CallContext call, AgentTasks tasks, TimeProvider time)
{
    const int PageSize = 100;
    const string Wrapped = "input";

    /// <summary>Clients give up at about this time themselves, unless they are told that there is progress.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>What ends sooner is answered at once, which spares the client a second request.</summary>
    static readonly TimeSpan TaskAfter = TimeSpan.FromSeconds(1);

    /// <summary>Between two reports of progress. The first come sooner: they say that somebody is at work.</summary>
    static readonly TimeSpan LongestBeat = TimeSpan.FromSeconds(5);

    static readonly JsonElement AnyObject = JsonDocument.Parse("""{"type":"object"}""").RootElement;

    /// <summary>The agent of the call, once it is found.</summary>
    CallableAgent? called;

    /// <summary>Null when the headers of a call say what its arguments say; which ones must, the agent's schema says.</summary>
    public async Task<JsonRpcError?> Check(JsonRpcMessage message, IHeaderDictionary headers, CancellationToken ct)
    {
        if (message is not JsonRpcRequest { Method: RequestMethods.ToolsCall, Params: JsonObject parameters } || parameters["name"] is not JsonValue value || !value.TryGetValue<string>(out var name))
        {
            return null;
        }

        called = await Find(name, ct);
        return McpParameterHeaders.Mismatch(called?.InputSchema, parameters["arguments"] as JsonObject, headers) is { } header
            ? McpRevision.Error(message, McpErrorCode.HeaderMismatch, $"The header {header} is not the argument that it repeats.", null)
            : null;
    }

    async Task<CallableAgent?> Find(string name, CancellationToken ct) =>
        await mediator.Send(new ListCallableAgents(new PageRequest(1), name), ct) is { IsOk: true, Value.Items: [var agent] } ? agent : null;

    public async ValueTask<ListToolsResult> List(RequestContext<ListToolsRequestParams> request, CancellationToken ct)
    {
        var page = await mediator.Send(new ListCallableAgents(new PageRequest(PageSize, request.Params?.Cursor)), ct);
        return page.IsOk
            ? new ListToolsResult { Tools = [.. page.Value.Items.Select(Tool)], NextCursor = page.Value.NextCursor }
            : throw new McpProtocolException(page.Error.Message, McpErrorCode.InvalidParams);
    }

    public async ValueTask<ResultOrAlternate<CallToolResult>> Call(RequestContext<CallToolRequestParams> request, CancellationToken ct)
    {
        if (!call.Permissions.Allows("runs:execute") || !call.Permissions.Allows("runs:read"))
        {
            throw new McpProtocolException("To call an agent, the API key needs the scopes runs:execute and runs:read.", McpErrorCode.InvalidRequest);
        }

        var agent = called ?? await Find(request.Params!.Name, ct) ?? throw new McpProtocolException($"There is no tool {request.Params.Name}.", McpErrorCode.InvalidParams);

        var started = await mediator.Send(new StartRun(agent.Slug, Input(agent, request.Params!.Arguments)), ct);
        if (!started.IsOk)
        {
            return RunResults.Failed(RunResults.Explain(started.Error), null);
        }

        if (!AgentTasks.AreUnderstood(request.JsonRpcRequest))
        {
            return await Wait(started.Value, request, ct);
        }

        return await RunWaiter.Wait(started.Value, mediator, TaskAfter, ct) is { } finished ? RunResults.Of(finished)
            : await tasks.Made(started.Value.Id, ct) is { } task ? ResultOrAlternate<CallToolResult>.FromAlternate(task, McpTaskJson.Default.McpTask)
            : await Wait(started.Value, request, ct);
    }

    async Task<CallToolResult> Wait(StartedRun started, RequestContext<CallToolRequestParams> request, CancellationToken ct)
    {
        var from = time.GetTimestamp();
        var beat = TimeSpan.FromSeconds(1);
        while (time.GetElapsedTime(from) < Patience)
        {
            var waiting = RunWaiter.Wait(started, mediator, ct);
            while (await Task.WhenAny(waiting, Task.Delay(beat, time, ct)) != waiting)
            {
                beat = TimeSpan.FromTicks(Math.Min(beat.Ticks * 2, LongestBeat.Ticks));
                await Tell(request, time.GetElapsedTime(from), ct);
            }

            if (await waiting is { } finished)
            {
                return RunResults.Of(finished);
            }
        }

        return RunResults.Failed($"The run {started.Id} takes longer than {Patience.TotalMinutes} minutes and goes on; read its result at /v1/runs/{started.Id}.", started.Id);
    }

    static async Task Tell(RequestContext<CallToolRequestParams> request, TimeSpan elapsed, CancellationToken ct)
    {
        if (request.Params?.ProgressToken is { } token)
        {
            await request.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = (float)elapsed.TotalSeconds, Message = "The run goes on." }, cancellationToken: ct);
        }
    }

    static Tool Tool(CallableAgent agent) => new()
    {
        Name = agent.Slug,
        Title = agent.Name,
        Description = agent.Description,
        InputSchema = agent.InputSchema is not { } schema ? AnyObject : IsObject(schema) ? schema : Wrap(schema),
        OutputSchema = agent.OutputSchema is { } given && IsObject(given) ? given : null,
    };

    /// <summary>A tool's arguments are an object; an agent that takes something else takes it as the one argument <c>input</c>.</summary>
    static JsonElement Input(CallableAgent agent, IDictionary<string, JsonElement>? arguments) =>
        agent.InputSchema is { } schema && !IsObject(schema) && arguments is not null && arguments.TryGetValue(Wrapped, out var input)
            ? input
            : JsonSerializer.SerializeToElement(arguments ?? new Dictionary<string, JsonElement>());

    static JsonElement Wrap(JsonElement schema) => JsonSerializer.SerializeToElement(new Dictionary<string, object>
    {
        ["type"] = "object",
        ["properties"] = new Dictionary<string, JsonElement> { [Wrapped] = schema },
        ["required"] = (string[])[Wrapped],
    });

    static bool IsObject(JsonElement schema) => schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String && type.ValueEquals("object");
}
