using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Unit.Agents.Graphs;

namespace AgentPlatform.Unit.Execution;

[TestFixture]
public sealed class RunSlotsTests
{
    [Test]
    public async Task Never_gives_out_more_than_there_are()
    {
        var slots = new RunSlots(10);
        var (inUse, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 10_000; i++)
            {
                var taken = slots.Take(random.Next(1, 5));
                var now = Interlocked.Add(ref inUse, taken);
                InterlockedMax(ref most, now);
                Interlocked.Add(ref inUse, -taken);
                slots.Release(taken);
            }
        })));

        Assert.That((slots.Free, slots.Busy), Is.EqualTo((10, 0)));
        Assert.That(most, Is.InRange(1, 10));
    }

    [Test]
    public void Gives_what_is_left_and_nothing_once_closed()
    {
        var slots = new RunSlots(5);

        Assert.That((slots.Take(3), slots.Take(3), slots.Take(3)), Is.EqualTo((3, 2, 0)));
        slots.Close();
        slots.Release(5);

        Assert.That((slots.Free, slots.Busy, slots.Take(1)), Is.EqualTo((0, 0, 0)));
    }

    static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}

[TestFixture]
public sealed class DeliveryScopeTests
{
    static readonly Dictionary<string, string> Headers = new()
    {
        ["X-Kind"] = "push",
        ["Authorization"] = "Bearer secret",
        ["Cookie"] = "session",
        ["Webhook-Signature"] = "v1,x",
        ["X-Hub-Signature-256"] = "sha256=x",
        ["X-Hub-Signature"] = "sha1=x",
        ["Stripe-Signature"] = "t=1",
        ["X-Slack-Signature"] = "v0=x",
        ["Proxy-Authorization"] = "Basic x",
        ["X-CSRF-Token"] = "x",
        ["X-Nul"] = "a\0b",
    };

    readonly Datum scope = Datum.FromObject(new DeliveryScope(Datum.From("the body"), () => Headers, () => [KeyValuePair.Create("page", "2")]));

    [Test]
    public void Shows_the_body_the_query_and_headers_by_lower_case_name() =>
        Assert.That((Read("body"), Read("query.page"), Read("headers.\"x-kind\"")), Is.EqualTo((Datum.From("the body"), Datum.From("2"), Datum.From("push"))));

    [Test]
    public void Withholds_what_proves_who_the_sender_is() =>
        Assert.That(Read("headers").EnumerateMembers().Select(header => header.Key), Is.EquivalentTo(["x-kind", "x-nul"]));

    [Test]
    public void Keeps_nothing_that_the_database_cannot_hold() => Assert.That(Read("headers.\"x-nul\""), Is.EqualTo(Datum.From("ab")));

    [Test]
    public void Knows_no_other_name() => Assert.That(scope.TryGetProperty("secret", out _), Is.False);

    Datum Read(string text) => Expression.TryCompile(text, out var expression, out var error) ? expression.Evaluate(scope) : throw new AssertionException(error.Message);
}

[TestFixture]
public sealed class PureSkillTests
{
    [TestCase("""{ "values": [{ "a": 1, "b": 1 }, null, { "b": 2 }] }""", """{"a":1,"b":2}""")]
    [TestCase("""{ "values": [null, null] }""", "{}")]
    [TestCase("""{ "values": [null, "x", 2], "mode": "first" }""", "\"x\"")]
    [TestCase("""{ "values": [null], "mode": "first" }""", "null")]
    [TestCase("""{ "values": [1, null, [2, "x"]], "mode": "array" }""", "[1,2,\"x\"]")]
    public void Merges(string with, string expected) => Assert.That(Run(new MergeSkill(), with).Output, Is.EqualTo(Datum.From(JsonElement.Parse(expected))));

    [TestCase("""{ "values": [1] }""")]
    [TestCase("""{ "values": [], "mode": "other" }""")]
    public void Refuses_what_cannot_be_merged(string with) => Assert.That(Run(new MergeSkill(), with).Error?.Code, Is.EqualTo("invalid_with"));

    [Test]
    public void Transforms_by_answering_its_arguments() =>
        Assert.That(Run(new TransformSkill(), """{ "a": [1] }""").Output, Is.EqualTo(Datum.From(JsonElement.Parse("""{ "a": [1] }"""))));

    [Test]
    public void Fails_with_the_error_of_the_author()
    {
        var error = Run(new FailSkill(), """{ "code": "no_stock", "message": "None left.", "detail": { "item": 7 } }""").Error!;

        Assert.That((error.Code, error.Message, error.Retryable, error.Detail?.GetProperty("item").GetInt32()), Is.EqualTo(("no_stock", "None left.", false, (int?)7)));
    }

    [TestCase("""{ "n": 1 }""", "low", 0)]
    [TestCase("""{ "n": 5 }""", "high", 1)]
    [TestCase("""{ "n": 3 }""", "middle", -1)]
    public void Switches_to_the_first_case_that_holds(string input, string name, int index)
    {
        var graph = Graph.Of("""
            { "nodes": [{ "id": "s", "skill": "switch", "with": { "default": "middle", "cases": [{ "name": "low", "when": "input.n < `2`" }, { "name": "high", "when": "input.n > `4`" }, { "name": "higher", "when": "input.n > `4`" }] } }] }
            """).Valid;
        var scope = new RunScope(graph, Datum.From(JsonElement.Parse(input)), Datum.Null, Datum.Null);

        var taken = new SwitchSkill().Run(new SkillCall(default, default, graph.Nodes[0], default, Datum.FromObject(scope)));

        Assert.That(taken.Output, Is.EqualTo(Datum.FromObject(new Dictionary<string, Datum> { ["case"] = Datum.From(name), ["index"] = Datum.From(index) })));
    }

    [Test]
    public void Lays_arguments_over_the_skill_s_preset()
    {
        var skill = new ResolvedSkill(default, default, "ours", "1.0.0", SkillType.Transform, false, null, JsonElement.Parse("""{ "with": { "url": "https://a.example", "method": "GET" } }"""), null);

        var with = Preset.Under(skill, Datum.From(JsonElement.Parse("""{ "method": "POST", "body": 1 }""")));

        Assert.That(with, Is.EqualTo(Datum.From(JsonElement.Parse("""{ "url": "https://a.example", "method": "POST", "body": 1 }"""))));
    }

    static SkillOutcome Run(IPureSkill skill, string with)
    {
        var graph = Graph.Of(["n"], []).Valid;
        return skill.Run(new SkillCall(default, default, graph.Nodes[0], Datum.From(JsonElement.Parse(with)), default));
    }
}
