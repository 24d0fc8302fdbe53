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

/// <summary>The caller's agents as tools. A call starts a run and waits for it; a run that takes longer goes on, and the answer says where it can be read.</summary>
sealed class AgentTools(IMediator mediator, CallContext call, TimeProvider time)
{
    const int PageSize = 100;
    const string Wrapped = "input";

    /// <summary>Clients give up at about this time themselves, unless they are told that there is progress.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    static readonly JsonElement AnyObject = JsonDocument.Parse("""{"type":"object"}""").RootElement;

    public async ValueTask<ListToolsResult> List(RequestContext<ListToolsRequestParams> request, CancellationToken ct)
    {
        var page = await mediator.Send(new ListCallableAgents(new PageRequest(PageSize, request.Params?.Cursor)), ct);
        return page.IsOk
            ? new ListToolsResult { Tools = [.. page.Value.Items.Select(Tool)], NextCursor = page.Value.NextCursor }
            : throw new McpProtocolException(page.Error.Message, McpErrorCode.InvalidParams);
    }

    public async ValueTask<CallToolResult> Call(RequestContext<CallToolRequestParams> request, CancellationToken ct)
    {
        if (!call.Permissions.Allows("runs:execute") || !call.Permissions.Allows("runs:read"))
        {
            throw new McpProtocolException("To call an agent, the API key needs the scopes runs:execute and runs:read.", McpErrorCode.InvalidRequest);
        }

        var found = await mediator.Send(new ListCallableAgents(new PageRequest(1), request.Params!.Name), ct);
        if (!found.IsOk || found.Value.Items is not [var agent])
        {
            throw new McpProtocolException($"There is no tool {request.Params.Name}.", McpErrorCode.InvalidParams);
        }

        var started = await mediator.Send(new StartRun(agent.Slug, Input(agent, request.Params.Arguments)), ct);
        return started.IsOk ? await Wait(started.Value, request, ct) : Failed(Explain(started.Error), null);
    }

    async Task<CallToolResult> Wait(StartedRun started, RequestContext<CallToolRequestParams> request, CancellationToken ct)
    {
        var from = time.GetTimestamp();
        while (time.GetElapsedTime(from) < Patience)
        {
            var waiting = RunWaiter.Wait(started, mediator, ct);
            while (await Task.WhenAny(waiting, Task.Delay(Beat, time, ct)) != waiting)
            {
                await Tell(request, time.GetElapsedTime(from), ct);
            }

            if (await waiting is { } finished)
            {
                return Result(finished);
            }
        }

        return Failed($"The run {started.Id} takes longer than {Patience.TotalMinutes} minutes and goes on; read its result at /v1/runs/{started.Id}.", started.Id);
    }

    static async Task Tell(RequestContext<CallToolRequestParams> request, TimeSpan elapsed, CancellationToken ct)
    {
        if (request.Params?.ProgressToken is { } token)
        {
            await request.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = (float)elapsed.TotalSeconds, Message = "The run goes on." }, cancellationToken: ct);
        }
    }

    static CallToolResult Result(RunView run)
    {
        if (run.Status != "succeeded")
        {
            var why = run.Error is { ValueKind: JsonValueKind.Object } error && error.TryGetProperty("message", out var message) ? message.GetString() : null;
            return Failed($"The run {run.Id} is {run.Status}. {why}".TrimEnd(), run.Id);
        }

        var output = run.Output ?? default;
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = output.ValueKind switch { JsonValueKind.Undefined => "null", JsonValueKind.String => output.GetString()!, _ => output.GetRawText() } }],
            StructuredContent = output.ValueKind is JsonValueKind.Object ? output : null,
            Meta = About(run.Id),
        };
    }

    static CallToolResult Failed(string text, Guid? run) => new()
    {
        Content = [new TextContentBlock { Text = text }],
        IsError = true,
        Meta = run is { } id ? About(id) : null,
    };

    static JsonObject About(Guid run) => new() { ["agentplatform/run_id"] = run.ToString() };

    static string Explain(Domain.Shared.Error error) =>
        error.Fields.Count == 0 ? error.Message : string.Join('\n', error.Fields.Select(field => $"{field.Pointer}: {field.Message}").Prepend(error.Message).Distinct());

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
