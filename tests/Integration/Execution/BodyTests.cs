using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary><c>foreach</c> and <c>loop</c>: nested graphs end to end.</summary>
[TestFixture]
public sealed class BodyTests
{
    [Test]
    public async Task Runs_a_body_for_every_item_and_keeps_the_order()
    {
        var tenant = await TestApp.NewTenant();

        var run = await tenant.Http.RunOnce("""
            {
              "nodes": [
                { "id": "each", "skill": "foreach", "with": {
                  "items": "=input.names", "concurrency": 3,
                  "body": { "nodes": [{ "id": "greet", "skill": "transform", "with": { "text": "Hello {{item}}", "at": "=index", "of": "=length(input.names)" } }], "output": "=greet" } } }
              ],
              "output": { "texts": "=each.results[].text", "places": "=each.results[].at", "errors": "=each.errors" }
            }
            """, """{ "input": { "names": ["a", "b", "c", "d", "e"] } }""");

        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("""{"texts":["Hello a","Hello b","Hello c","Hello d","Hello e"],"places":[0,1,2,3,4],"errors":[]}"""));
        var steps = await tenant.Http.Steps(run.GetProperty("id").GetGuid());
        Assert.That(steps.Where(step => step.GetProperty("node_id").GetString() == "greet").Select(step => step.GetProperty("path").GetString()),
            Is.EquivalentTo(["each[0]", "each[1]", "each[2]", "each[3]", "each[4]"]));
        Assert.That(steps.Count(step => step.GetProperty("node_id").GetString() == "each"), Is.EqualTo(1));
    }

    [TestCase("fail", "failed")]
    [TestCase("collect", "succeeded")]
    public async Task Fails_or_collects_what_fails_in_an_item(string policy, string status)
    {
        var tenant = await TestApp.NewTenant();

        var run = await tenant.Http.RunOnce($$"""
            {
              "nodes": [
                { "id": "each", "skill": "foreach", "with": {
                  "items": [1, 2, 3], "on_item_error": "{{policy}}",
                  "body": {
                    "nodes": [{ "id": "pick", "skill": "switch", "with": { "cases": [{ "name": "bad", "when": "item == `2`" }], "default": "good" } },
                      { "id": "no", "skill": "fail", "with": { "code": "is_two", "message": "Two is not liked." } },
                      { "id": "yes", "skill": "transform", "with": { "n": "=item" } }],
                    "edges": [{ "from": "pick", "to": "no", "case": "bad" }, { "from": "pick", "to": "yes", "case": "good" }],
                    "output": "=yes.n" } } }
              ],
              "output": "=each"
            }
            """);

        Assert.That(run.GetProperty("status").GetString(), Is.EqualTo(status), run.GetRawText());
        if (status == "failed")
        {
            Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("is_two"));
            Assert.That(run.GetProperty("error").GetProperty("message").GetString(), Does.StartWith("Item 1:"));
        }
        else
        {
            Assert.That(run.GetProperty("output").GetProperty("results").GetRawText(), Is.EqualTo("[1,null,3]"));
            Assert.That(run.GetProperty("output").GetProperty("errors")[0].GetProperty("index").GetInt32(), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Loops_until_the_condition_holds_and_reads_the_round_before()
    {
        var tenant = await TestApp.NewTenant();

        var run = await tenant.Http.RunOnce("""
            {
              "nodes": [{ "id": "grow", "skill": "loop", "with": {
                "initial": { "n": 1 }, "until": "output.n >= `40`", "max_iterations": 50,
                "body": { "nodes": [{ "id": "twice", "skill": "transform", "with": { "n": "=sum([item.n, item.n])" } }] } } }],
              "output": { "n": "=grow.output.n", "rounds": "=grow.iterations", "done": "=grow.done" }
            }
            """);

        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("""{"n":64,"rounds":6,"done":true}"""));
    }

    [Test]
    public async Task Stops_a_loop_at_its_most_rounds()
    {
        var tenant = await TestApp.NewTenant();

        var run = await tenant.Http.RunOnce("""
            {
              "nodes": [{ "id": "again", "skill": "loop", "with": { "max_iterations": 4, "body": { "nodes": [{ "id": "round", "skill": "transform", "with": { "i": "=index" } }] } } }],
              "output": "=again"
            }
            """);

        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("""{"output":{"i":3},"iterations":4,"done":false}"""));
    }

    [Test]
    public async Task Nests_a_loop_in_a_foreach_and_calls_out_from_it_once_for_each_round()
    {
        await using var peer = await Peer.Counting();
        var tenant = await TestApp.NewTenant();

        var run = await tenant.Http.RunOnce($$"""
            {
              "nodes": [{ "id": "each", "skill": "foreach", "with": { "items": ["x", "y"], "concurrency": 2,
                "body": { "nodes": [{ "id": "rounds", "skill": "loop", "with": { "max_iterations": 3,
                  "body": { "nodes": [{ "id": "call", "skill": "http_request", "with": { "method": "POST", "url": "{{peer.Url}}", "body": { "item": "=item", "index": "=index" } } }] } } }],
                  "output": "=rounds.iterations" } } }],
              "output": "=each.results"
            }
            """);

        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("[3,3]"), run.GetRawText());
        Assert.That(peer.Calls, Is.EqualTo(6));
        Assert.That(peer.Keys.Distinct().Count(), Is.EqualTo(6));
    }

    [Test]
    public async Task Refuses_items_that_are_no_list()
    {
        var tenant = await TestApp.NewTenant();

        var run = await tenant.Http.RunOnce("""
            { "nodes": [{ "id": "each", "skill": "foreach", "with": { "items": "=input.n", "body": { "nodes": [{ "id": "a", "skill": "transform" }] } } }] }
            """, """{ "input": { "n": 7 } }""");

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("invalid_with"));
    }
}
