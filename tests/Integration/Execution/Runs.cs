using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>What the tests of the run engine do again and again.</summary>
static class Runs
{
    public const string Echo = """{ "nodes": [{ "id": "echo", "skill": "transform", "with": { "said": "=input.text" } }] }""";

    /// <summary>One POST to a peer between two transforms; the output is the number that the peer gave the call.</summary>
    public static string Calling(Peer peer, string more = "") => $$"""
        {
          "nodes": [
            { "id": "first", "skill": "transform", "with": { "n": 1 } },
            { "id": "call", "skill": "http_request", "with": { "method": "POST", "url": "{{peer.Url}}" }{{more}} },
            { "id": "last", "skill": "transform", "with": { "number": "=call.body.number" } }
          ],
          "edges": [{ "from": "first", "to": "call" }, { "from": "call", "to": "last" }]
        }
        """;

    public static async Task<string> Agent(this HttpClient http, string graph, string more = "")
    {
        var slug = $"a-{Guid.CreateVersion7():n}";
        using var answer = await http.PostAsync("/v1/agents", Json($$"""{ "slug": "{{slug}}", "name": "Agent", "graph": {{graph}}{{more}} }"""));
        await answer.Json(expected: 201);
        return slug;
    }

    /// <summary>Starts a run and answers its id.</summary>
    public static async Task<Guid> Start(this HttpClient http, string agent, string body = "{}")
    {
        using var answer = await http.PostAsync($"/v1/agents/{agent}/runs", Json(body));
        return (await answer.Json(expected: 202)).GetProperty("id").GetGuid();
    }

    /// <summary>Starts a run and answers it finished.</summary>
    public static async Task<JsonElement> Run(this HttpClient http, string agent, string body = "{}")
    {
        using var answer = await http.PostAsync($"/v1/agents/{agent}/runs?wait=true", Json(body));
        return await answer.Json(expected: 200);
    }

    /// <summary>Makes an agent of the graph, runs it and answers the finished run.</summary>
    public static async Task<JsonElement> RunOnce(this HttpClient http, string graph, string body = "{}", string more = "") => await http.Run(await http.Agent(graph, more), body);

    public static Task<JsonElement> View(this HttpClient http, Guid run, CancellationToken ct = default) => http.GetFromJsonAsync<JsonElement>($"/v1/runs/{run}", ct);

    /// <summary>Asks for the run until it has ended.</summary>
    public static async Task<JsonElement> Drain(this HttpClient http, Guid run)
    {
        var view = await Eventually.Get(() => http.View(run), IsOver);
        Assert.That(IsOver(view), $"The run did not end: {view.GetRawText()}");
        return view;
    }

    /// <summary>Asks for the run until it stands there.</summary>
    public static async Task<JsonElement> Until(this HttpClient http, Guid run, string status)
    {
        var view = await Eventually.Get(() => http.View(run), view => view.GetProperty("status").GetString() == status || IsOver(view));
        Assert.That(view.GetProperty("status").GetString(), Is.EqualTo(status), view.GetRawText());
        return view;
    }

    static bool IsOver(JsonElement view) => view.GetProperty("finished_at").ValueKind is JsonValueKind.String;

    public static async Task<List<JsonElement>> Steps(this HttpClient http, Guid run)
    {
        var page = await http.GetFromJsonAsync<JsonElement>($"/v1/runs/{run}/steps?limit=200");
        return [.. page.GetProperty("items").EnumerateArray()];
    }

    /// <summary>The steps as <c>node/attempt/status</c>.</summary>
    public static async Task<List<string>> StepLines(this HttpClient http, Guid run) => (await http.Steps(run))
        .ConvertAll(step => $"{step.GetProperty("node_id").GetString()}/{step.GetProperty("attempt").GetInt32()}/{step.GetProperty("status").GetString()}");

    /// <summary>Reads a run's events to their end: id, name and data of each.</summary>
    public static Task<List<(string Id, string Name, string Data)>> Events(this HttpClient http, Guid run, string? after = null) => http.Events($"/v1/runs/{run}/events", after);

    /// <summary>Reads a stream to its end.</summary>
    public static async Task<List<(string Id, string Name, string Data)>> Events(this HttpClient http, string path, string? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Last-Event-ID", after);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
        var text = await answer.Content.ReadAsStringAsync(patience.Token);
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(block => !block.StartsWith(':')).Select(block => block.Split('\n')).Select(lines => (Field(lines, "id"), Field(lines, "event"), Field(lines, "data")))];
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>"" where the event has none: a passing one has no id.</summary>
    static string Field(string[] lines, string name) => lines.SingleOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal))?[(name.Length + 2)..] ?? "";
}
