using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>What somebody says to an agent is nobody else's, by whichever way one looks at the runs that answer it, or at those below them.</summary>
[TestFixture]
public sealed class TalkPrivacyTests
{
    const string Secret = "Nobody may know";

    [Test]
    public async Task A_run_that_answers_in_a_conversation_and_its_children_are_there_for_its_user_alone()
    {
        var talk = await Talk.Begin();

        foreach (var path in talk.Paths)
        {
            Assert.That((await Status(talk.Ann, path), await Status(talk.Admin, path), await Status(talk.Bob, path)), Is.EqualTo((200, 200, 404)), path);
        }

        foreach (var run in talk.Runs)
        {
            await talk.Bob.Refused($"/v1/runs/{run}/replay", 404, "run_not_found", """{ "input": {} }""");
            await talk.Bob.Refused($"/v1/runs/{run}/redrive", 404, "run_not_found");
            using var put = await talk.Bob.PutAsync($"/v1/runs/{run}/steps/say/output", Execution.Runs.Json("""{ "output": 1 }"""));
            await put.Problem(404, "run_not_found");
        }
    }

    [Test]
    public async Task No_list_shows_others_what_was_said()
    {
        var talk = await Talk.Begin();
        string[] lists =
        [
            "/v1/runs?limit=200", $"/v1/agents/{talk.Agent}/latest-steps", $"/v1/agents/{talk.Child}/latest-steps",
            $"/v1/runs/latest?agent_id={await talk.IdOf(talk.Agent)}&agent_id={await talk.IdOf(talk.Child)}",
        ];

        foreach (var list in lists)
        {
            var (own, others) = (await talk.Ann.GetStringAsync(list), await talk.Bob.GetStringAsync(list));
            Assert.That(talk.Runs.Where(run => others.Contains(run.ToString(), StringComparison.Ordinal)), Is.Empty, list);
            Assert.That(others, Does.Not.Contain(Secret), list);
            Assert.That(own, Does.Contain(talk.Runs[0].ToString()).Or.Contain(talk.Runs[1].ToString()), list);
        }
    }

    [Test]
    public async Task A_stream_of_runs_tells_each_what_is_for_them()
    {
        var talk = await Talk.Begin();
        await using var own = await RunStream.Open(talk.Ann);
        await using var others = await RunStream.Open(talk.Bob);

        await talk.Ann.Say(talk.Path, Secret);
        var open = (await talk.Ann.Run(talk.Child)).GetProperty("id").GetGuid();

        Assert.That((await own.UntilEnded(3)).Select(what => what.Run).Distinct().Count(), Is.EqualTo(3));
        Assert.That((await others.UntilEnded(1)).Select(what => what.Run).Distinct(), Is.EqualTo([open]));
    }

    [Test]
    public async Task A_bulk_replay_takes_nothing_out_of_others_conversations()
    {
        var talk = await Talk.Begin();
        var open = (await talk.Ann.Run(talk.Child)).GetProperty("id").GetGuid();

        var begun = await talk.Bob.Post("/v1/runs/bulk/replay", """{ "filter": { "status": "succeeded" } }""");
        var done = await Eventually.Get(
            () => talk.Bob.GetFromJsonAsync<JsonElement>($"/v1/runs/bulk/{begun.GetProperty("id").GetGuid()}"), view => view.GetProperty("finished_at").ValueKind is JsonValueKind.String);

        Assert.That((done.GetProperty("status").GetString(), done.GetProperty("done").GetInt32()), Is.EqualTo(("done", 1)), done.GetRawText());
        var replays = (await talk.Bob.GetFromJsonAsync<JsonElement>("/v1/runs")).GetProperty("items").EnumerateArray().Where(run => run.GetProperty("trigger_source").GetString() == "replay");
        Assert.That(replays.Select(run => run.GetProperty("replay_of_run_id").GetGuid()), Is.EqualTo([open]));
    }

    [Test]
    public async Task The_end_of_a_child_is_not_the_reply()
    {
        var talk = await Talk.Begin("{{child.said}}, indeed");

        var messages = await talk.Ann.Messages(talk.Path);

        Assert.That(messages[1].Text(), Is.EqualTo($"{Secret}, indeed"));
        Assert.That((messages[1].Status(), messages.Count), Is.EqualTo(("succeeded", 2)));
    }

    static async Task<int> Status(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return (int)answer.StatusCode;
    }

    /// <summary>Ann's, with an agent that calls another; Bob sees all runs that are not said in confidence.</summary>
    sealed record Talk(HttpClient Ann, HttpClient Bob, HttpClient Admin, string Agent, string Child, string Path, Guid[] Runs)
    {
        public IEnumerable<string> Paths => Runs.SelectMany(run => (string[])[$"/v1/runs/{run}", $"/v1/runs/{run}/steps", $"/v1/runs/{run}/events", $"/v1/runs/{run}/tree"]);

        public static async Task<Talk> Begin(string text = "=child.said")
        {
            var tenant = await TestApp.NewTenant();
            var (ann, bob, admin) = (await tenant.Member("developer"), await tenant.Member("developer"), await tenant.Member("admin"));
            var child = await ann.Http.Agent(Execution.Runs.Echo);
            var agent = await ann.Http.Agent($$"""
                {
                  "nodes": [
                    { "id": "child", "skill": "agent", "with": { "agent": "{{child}}", "input": { "text": "=input.message" } } },
                    { "id": "say", "skill": "transform", "with": { "text": {{JsonSerializer.Serialize(text)}} } }
                  ],
                  "edges": [{ "from": "child", "to": "say" }]
                }
                """);
            var path = await ann.Http.Converse(agent);
            var reply = await ann.Http.Say(path, Secret);
            Assert.That(reply.Status(), Is.EqualTo("succeeded"), reply.GetRawText());
            var below = (await ann.Http.GetFromJsonAsync<JsonElement>($"/v1/runs?agent={child}")).GetProperty("items")[0].GetProperty("id").GetGuid();
            return new Talk(ann.Http, bob.Http, admin.Http, agent, child, path, [reply.GetProperty("run_id").GetGuid(), below]);
        }

        public async Task<Guid> IdOf(string agent) => (await Ann.GetFromJsonAsync<JsonElement>($"/v1/agents/{agent}")).GetProperty("id").GetGuid();
    }
}
