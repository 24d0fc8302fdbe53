using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Skills.Tools;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Unit.Execution;

public sealed class ToolPartsTests
{
    [Test]
    public void Names_are_what_every_vendor_takes_and_no_two_are_alike()
    {
        var slugs = Gen.ArrayOf(Gen.Elements("a", "a-b", "a.b", "a_b", "ä", new string('x', 63), new string('x', 70), new string('x', 64) + ".", "é.é"));
        Check.QuickThrowOnFailure(Prop.ForAll(slugs.ToArbitrary(), given =>
        {
            var tools = ToolSet.Of(given.Select(slug => (Skill(slug), (Application.Agents.AgentTool?)null, ToolTerms.None))).Tools;
            return tools.Count == given.Length
                && tools.All(tool => Regex.IsMatch(tool.Name, "^[a-zA-Z0-9_-]{1,64}$", RegexOptions.None, TimeSpan.FromSeconds(1)))
                && tools.Select(tool => tool.Name).Distinct(StringComparer.Ordinal).Count() == tools.Count;
        }));
    }

    [Test]
    public void No_more_is_offered_than_a_vendor_takes_and_the_first_go_first()
    {
        Assert.That(ToolSet.Of(Enumerable.Range(0, 200).Select(i => (Skill($"s{i}"), (Application.Agents.AgentTool?)null, ToolTerms.None))).Tools, Has.Count.EqualTo(128));

        var large = $$"""{ "description": "{{new string('x', 100_000)}}" }""";
        Assert.That(ToolSet.Of(Enumerable.Range(0, 5).Select(i => (Skill($"s{i}", large), (Application.Agents.AgentTool?)null, ToolTerms.None))).Tools.Select(tool => tool.Name), Is.EqualTo(["s0", "s1"]));
    }

    [TestCase("null", """{"type":"object","properties":{}}""")]
    [TestCase("true", """{"type":"object","properties":{}}""")]
    [TestCase("""{ "$schema": "x", "$id": "y" }""", """{"type":"object","properties":{}}""")]
    [TestCase("""{ "type": "object", "required": ["url", "body"], "properties": { "url": {}, "body": {} }, "$defs": {} }""", """{"type":"object","required":["body"],"properties":{"body":{}},"$defs":{}}""")]
    public void A_model_does_not_see_what_is_set_already(string schema, string shown) =>
        Assert.That(ToolSchema.Of(JsonElement.Parse(schema), ["url"]).GetRawText(), Is.EqualTo(shown));

    [Test]
    public void An_answer_reads_back_as_it_was_written()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant,
        [
            new TextReasoningContent("hm\0") { ProtectedData = "sealed" },
            new TextContent("half \ud800 and \0"),
            new FunctionCallContent("1", "tool", new Dictionary<string, object?> { ["a"] = JsonElement.Parse("""{"b":[1,"two",null]}"""), ["c"] = "=config.secret {{x}}" }),
            new FunctionCallContent("2", "other"),
            new FunctionCallContent("3", "broken") { Exception = new JsonException("no") },
            new FunctionCallContent("4", "nul", new Dictionary<string, object?> { ["a"] = "\0" }),
        ]))
        { FinishReason = ChatFinishReason.ToolCalls };
        var pin = new ToolPin("tool", Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), new ToolTerms(Approval: true, TimeSpan.FromSeconds(1.5), 3, "key", "olive@tenant.example", "reviewers"));
        var output = TurnAnswer.Write(new ModelAnswer(response, null, "v/m", [new SkillUsage("v/m") { TokensPrompt = 7 }], IsSimulated: true), response, [pin]);

        var stored = Json.Read(Json.Write(output)!);
        var answer = TurnAnswer.Read(stored);

        Assert.That(TurnAnswer.PinsOf(stored), Is.EqualTo([pin]));
        Assert.That((answer.Text, answer.Model, answer.FinishReason, answer.IsSimulated), Is.EqualTo(("half \ufffd and \ufffd", "v/m", "tool_calls", true)));
        Assert.That(answer.Calls.Select(call => (call.Id, call.Name, call.Arguments.ToJsonElement().GetRawText(), call.Fault is null)), Is.EqualTo(
        [
            ("1", "tool", """{"a":{"b":[1,"two",null]},"c":"=config.secret {{x}}"}""", true),
            ("2", "other", "{}", true),
            ("3", "broken", "{}", false),
            ("4", "nul", "{}", false),
        ]));
        var message = answer.ToMessage();
        Assert.That(message.Contents.OfType<TextReasoningContent>().Single().ProtectedData, Is.EqualTo("sealed"));
        Assert.That(message.Contents.OfType<FunctionCallContent>().Select(call => call.CallId), Is.EqualTo(["1", "2", "3", "4"]));
        Assert.That(LoopSpentOf(answer.Usage), Is.EqualTo(7));
    }

    [TestCase("\"just a text\"", "just a text")]
    [TestCase("null", "")]
    [TestCase("[1]", "")]
    [TestCase("""{ "text": 5, "tool_calls": [{ "id": 1 }, "x", { "id": "a", "name": "b", "arguments": [] }], "tools": [{}, 3], "usage": "none", "reasoning": {} }""", "")]
    public void Whatever_a_person_puts_in_the_place_of_an_answer_can_be_read(string output, string text)
    {
        var answer = TurnAnswer.Read(Datum.From(JsonElement.Parse(output)));

        Assert.That(answer.Text, Is.EqualTo(text));
        Assert.That(LoopSpentOf(answer.Usage), Is.Zero);
        Assert.That(TurnAnswer.PinsOf(Datum.From(JsonElement.Parse(output))) ?? [], Is.Empty);
    }

    [Test]
    public void A_result_is_cut_between_characters()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, 4).ToArbitrary(), shift =>
        {
            var text = ToolResult.Of((SkillOutcome)Datum.From(new string('a', shift) + string.Concat(Enumerable.Repeat("😀é", 20_000))));
            return !text.Contains('\ufffd') && Encoding.UTF8.GetByteCount(text) < ToolResult.MaxBytes + 100;
        }));
    }

    static long LoopSpentOf(Datum usage)
    {
        var spent = new LoopSpent();
        spent.Add(usage);
        return spent.Tokens;
    }

    static ResolvedSkill Skill(string slug, string? schema = null) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), slug, "1.0.0", SkillType.Transform, IsDeprecated: false, null, default, null)
        {
            InputSchemaText = schema is null ? null : JsonElement.Parse(schema),
        };
}
