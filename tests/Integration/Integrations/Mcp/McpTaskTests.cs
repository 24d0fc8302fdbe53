using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>Calls that take longer, as tasks of the extension <c>io.modelcontextprotocol/tasks</c>; what its conformance scenarios do not ask.</summary>
public sealed class McpTaskTests
{
    const string Signaled = """{ "nodes": [{ "id": "wait", "skill": "wait", "with": { "signal": "go" } }], "output": { "heard": "=wait.payload" } }""";
    const string Asking = """{ "nodes": [{ "id": "ask", "skill": "approval", "with": { "title": "Delete it?", "payload": { "what": "all" } } }], "output": { "comment": "=ask.comment" } }""";

    static readonly string[] Scopes = ["agents:read", "runs:execute", "runs:read", "runs:write"];

    [Test]
    public async Task A_task_is_a_run_that_goes_on_and_ends_with_its_output()
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey(Scopes);
        var id = await Begin(key, await tenant.Http.Agent(Signaled));
        var working = await Get(key, id);
        Assert.That(working["status"]!.GetValue<string>(), Is.EqualTo("working"));
        Assert.That(working.ContainsKey("ttlMs") && working["ttlMs"] is null, "It does not expire while it goes on.");

        using (var signal = await key.PostAsJsonAsync($"/v1/runs/{id}/signals/go", new { payload = new { word = "now" } }))
        {
            Assert.That(signal.IsSuccessStatusCode, Is.True);
        }

        var done = await Eventually.Get(() => Get(key, id), task => task["status"]!.GetValue<string>() != "working");
        Assert.Multiple(() =>
        {
            Assert.That(done["status"]!.GetValue<string>(), Is.EqualTo("completed"), done.ToJsonString());
            Assert.That(done["result"]!["structuredContent"]!["heard"]!["word"]!.GetValue<string>(), Is.EqualTo("now"));
            Assert.That(done["ttlMs"]!.GetValue<long>(), Is.GreaterThan(TimeSpan.FromHours(23).TotalMilliseconds));
        });
    }

    [Test]
    public async Task A_task_is_there_for_the_key_that_made_it_alone()
    {
        var (tenant, stranger) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        using var key = await tenant.ApiKey(Scopes);
        using var sibling = await tenant.ApiKey(Scopes);
        using var other = await stranger.ApiKey(Scopes);
        var id = await Begin(key, await tenant.Http.Agent(Signaled));
        foreach (var http in (HttpClient[])[sibling, other])
        {
            foreach (var (method, more) in ((string, JsonObject)[])[("tasks/get", []), ("tasks/cancel", []), ("tasks/update", new() { ["inputResponses"] = new JsonObject() })])
            {
                Assert.That(Code((await Ask(http, method, id, more)).Answer), Is.EqualTo(-32602), method);
            }
        }

        Assert.That((await tenant.Http.View(Guid.Parse(id))).GetProperty("status").GetString(), Is.EqualTo("waiting"));
    }

    [Test]
    public async Task A_task_can_be_canceled_by_who_may_cancel_runs()
    {
        var tenant = await TestApp.NewTenant();
        using var may = await tenant.ApiKey(Scopes);
        using var mayNot = await tenant.ApiKey("agents:read", "runs:execute", "runs:read");
        var agent = await tenant.Http.Agent(Signaled);
        var (mine, theirs) = (await Begin(may, agent), await Begin(mayNot, agent));
        var refused = (await Ask(mayNot, "tasks/cancel", theirs)).Answer;
        Assert.That(Code(refused), Is.EqualTo(-32600));
        Assert.That(refused["error"]!["message"]!.GetValue<string>(), Does.Contain("runs:write"));

        await Ask(may, "tasks/cancel", mine);
        var canceled = await Eventually.Get(() => Get(may, mine), task => task["status"]!.GetValue<string>() != "working");
        Assert.That(canceled["status"]!.GetValue<string>(), Is.EqualTo("cancelled"));
        Assert.That((await tenant.Http.View(Guid.Parse(mine))).GetProperty("status").GetString(), Is.EqualTo("canceled"));
    }

    [Test]
    public async Task What_a_run_asks_people_can_be_decided_by_who_may()
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey([.. Scopes, "approvals:write"]);
        var id = await Begin(key, await tenant.Http.Agent(Asking));
        var asking = await Eventually.Get(() => Get(key, id), task => task["status"]!.GetValue<string>() != "working");
        var (name, request) = asking["inputRequests"]!.AsObject().Single();
        Assert.That(request!["params"]!["message"]!.GetValue<string>(), Does.Contain("Delete it?").And.Contain("all"));

        await Ask(key, "tasks/update", id, new() { ["inputResponses"] = new JsonObject { [name] = Accepted(true, "Do it.") } });
        var done = await Eventually.Get(() => Get(key, id), task => task["status"]!.GetValue<string>() == "completed");
        Assert.That(done["result"]!["structuredContent"]!["comment"]!.GetValue<string>(), Is.EqualTo("Do it."));
        var approval = (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/approvals/{name}")).GetProperty("status").GetString();
        Assert.That(approval, Is.EqualTo("approved"));
    }

    [Test]
    public async Task What_is_for_others_to_decide_is_neither_shown_nor_decided()
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey(Scopes);
        var id = await Begin(key, await tenant.Http.Agent(Asking));
        await tenant.Http.Until(Guid.Parse(id), "waiting");
        var task = await Get(key, id);
        Assert.That(task["status"]!.GetValue<string>(), Is.EqualTo("working"));
        Assert.That(task.ContainsKey("inputRequests"), Is.False);

        var pending = (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/approvals?run={id}")).GetProperty("items")[0].GetProperty("id").GetString()!;
        await Ask(key, "tasks/update", id, new() { ["inputResponses"] = new JsonObject { [pending] = Accepted(true, "Me too.") } });
        var approval = (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/approvals/{pending}")).GetProperty("status").GetString();
        Assert.That(approval, Is.EqualTo("pending"));
    }

    [Test]
    public async Task An_ended_task_expires_and_the_run_stays()
    {
        await using var app = await TestApp.Start(new Dictionary<string, string?> { ["Mcp:TaskMinutes"] = "0" });
        var tenant = await app.Tenant();
        using var key = await tenant.ApiKey(Scopes);
        var id = await Begin(key, await tenant.Http.Agent(Signaled));
        Assert.That(Code((await Ask(key, "tasks/get", id)).Answer), Is.Zero);
        await Ask(key, "tasks/cancel", id);
        await tenant.Http.Drain(Guid.Parse(id));
        Assert.That(Code((await Ask(key, "tasks/get", id)).Answer), Is.EqualTo(-32602));
    }

    [TestCase("tasks/get")]
    [TestCase("tasks/update")]
    [TestCase("tasks/cancel")]
    public async Task A_client_that_does_not_say_that_it_knows_tasks_has_none(string method)
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey(Scopes);
        var (status, answer) = await Ask(key, method, Guid.CreateVersion7().ToString(), more: null, []);
        Assert.That((status, Code(answer)), Is.EqualTo((HttpStatusCode.BadRequest, -32021)));
        Assert.That(answer["error"]!["data"]!["requiredCapabilities"]!["extensions"]!["io.modelcontextprotocol/tasks"], Is.Not.Null);
    }

    static JsonObject Accepted(bool confirm, string comment) => new() { ["action"] = "accept", ["content"] = new JsonObject { ["confirm"] = confirm, ["comment"] = comment } };

    static int Code(JsonObject answer) => answer["error"]?["code"]?.GetValue<int>() ?? 0;

    static async Task<string> Begin(HttpClient key, string agent)
    {
        var (_, answer) = await Post(key, "tools/call", agent, new JsonObject { ["name"] = agent, ["arguments"] = new JsonObject() }, Knows());
        Assert.That(answer["result"]?["resultType"]?.GetValue<string>(), Is.EqualTo("task"), answer.ToJsonString());
        return answer["result"]!["taskId"]!.GetValue<string>();
    }

    static async Task<JsonObject> Get(HttpClient key, string id) => (await Ask(key, "tasks/get", id)).Answer["result"]!.AsObject();

    static Task<(HttpStatusCode Status, JsonObject Answer)> Ask(HttpClient key, string method, string id, JsonObject? more = null, JsonObject? capabilities = null)
    {
        var parameters = (JsonObject)(more ?? []).DeepClone();
        parameters["taskId"] = id;
        return Post(key, method, id, parameters, capabilities ?? Knows());
    }

    static JsonObject Knows() => new() { ["elicitation"] = new JsonObject(), ["extensions"] = new JsonObject { ["io.modelcontextprotocol/tasks"] = new JsonObject() } };

    static async Task<(HttpStatusCode Status, JsonObject Answer)> Post(HttpClient key, string method, string name, JsonObject parameters, JsonObject capabilities)
    {
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "t", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = capabilities,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = JsonContent.Create(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters }),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        request.Headers.Add("Mcp-Name", name);
        using var answer = await key.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        var last = body.Split('\n').LastOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal))?["data:".Length..] ?? body;
        return (answer.StatusCode, JsonNode.Parse(last)!.AsObject());
    }
}
