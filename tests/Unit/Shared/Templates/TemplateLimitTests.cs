using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Shared.Templates;

namespace AgentPlatform.Unit.Shared.Templates;

public sealed class TemplateLimitTests
{
    const int Seed = 20_261_122;

    static readonly Datum Scope = Datum.From(JsonDocument.Parse(
        $$$"""{"list":[{{{string.Join(',', Enumerable.Range(0, 1000))}}}],"big":"{{{new string('x', 600_000)}}}","wide":"{{{new string('é', 600_000)}}}","o":{"a":[1,{"b":null}]}}""").RootElement);

    static readonly Datum Broken = Datum.From(JsonDocument.Parse("""{"o":"\ud800","list":{"\ud800":1}}""").RootElement);

    [TestCase("{{big}}{{big}}")]
    [TestCase("{{wide}}")]
    [TestCase("{{#each list}}{{#each ../list}}{{#each ../../list}}{{/each}}{{/each}}{{/each}}")]
    [TestCase("{{#each list}}{{#each ../list}}{{../../list.[999]}}{{/each}}{{/each}}")]
    [TestCase("{{#each list}}{{@root.big}}{{/each}}")]
    [TestCase("{{#each list}}{{escape @root}}{{/each}}")]
    [TestCase("{{#each list}}{{#each @root.list}}{{@root}}{{/each}}{{/each}}")]
    public void Ends_a_rendering_that_grows_without_end(string text) =>
        Assert.That(() => Compile(text).Render(Scope), Throws.TypeOf<ExpressionException>().With.Property("Error").Property("Code").EqualTo(ExpressionErrorCode.Limit));

    [Test]
    public void One_MiB_exactly_is_rendered()
    {
        var text = Datum.From(JsonDocument.Parse($$"""{"a":"{{new string('x', HandlebarsTemplates.OutputSize - 1)}}"}""").RootElement);

        Assert.That(Compile("{{a}}!").Render(text), Has.Length.EqualTo(HandlebarsTemplates.OutputSize));
        Assert.That(() => Compile("{{a}}!!").Render(text), Throws.TypeOf<ExpressionException>());
    }

    [TestCase(10_000, "{{#if a}}", "{{/if}}")]
    [TestCase(7_000, "{{#each a}}", "")]
    [TestCase(4_000, "{{#if a}}{{else if b}}", "")]
    [TestCase(60_000, "{{", "")]
    [TestCase(20_000, "{{!", "")]
    [TestCase(1, "{{escape (escape (escape ", "")]
    public void Refuses_a_tower_without_falling(int times, string open, string close)
    {
        var tower = string.Concat(Enumerable.Repeat(open, times)) + string.Concat(Enumerable.Repeat(close, times));

        Assert.That(new HandlebarsTemplates().TryCompile(tower, out _, out var error), Is.False);
        Assert.That(error!.Code, Is.AnyOf(ExpressionErrorCode.Limit, ExpressionErrorCode.Syntax));
    }

    [Test]
    public void Refuses_nested_brackets_past_the_limit()
    {
        var text = "{{escape " + string.Concat(Enumerable.Repeat("(escape ", 5000)) + "a" + new string(')', 5000) + "}}";

        Assert.That(new HandlebarsTemplates().TryCompile(text, out _, out var error), Is.False);
        Assert.That(error!.Code, Is.EqualTo(ExpressionErrorCode.Limit));
    }

    [Test]
    public void Half_a_character_in_the_data_is_an_error_of_the_data() =>
        Assert.That(() => Compile("{{o}}").Render(Broken), Throws.TypeOf<ExpressionException>().With.Property("Error").Property("Code").EqualTo(ExpressionErrorCode.InvalidValue));

    [Test]
    public void Never_breaks_on_random_tags()
    {
        string[] words =
        [
            "{{", "}}", "{{{", "}}}", "{{#if ", "{{#each ", "{{#with ", "{{else}}", "{{else if ", "{{/if}}", "{{/each}}", "{{/with}}", "{{!", "--", "{{~", "~}}", "\\", "list", "o", "o.a",
            "this", "../", "..", ".", "@index", "@root", "@../key", "lookup ", "escape ", "(", ")", "as |", "|", " ", "\n", "\"", "[", "]", "é", "\ud834\udd1e", "1", "text", "=", "&", "{{> x}}", "{{{{",
        ];
        var random = new Random(Seed);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(1, 16); length > 0; length--)
            {
                text.Append(random.Next(8) == 0 ? ((char)random.Next(1, 0x250)).ToString() : words[random.Next(words.Length)]);
            }

            Try(text.ToString());
        }
    }

    static void Try(string text)
    {
        try
        {
            if (new HandlebarsTemplates().TryCompile(text, out var template, out var error))
            {
                template.Render(text.Length % 2 == 0 ? Scope : Broken);
                return;
            }

            Assert.That(error.Position, Is.InRange(0, text.Length));
        }
        catch (ExpressionException)
        {
            // The only failure that a rendering may have.
        }
        catch (Exception broken) when (broken is not AssertionException)
        {
            Assert.Fail($"Seed {Seed}: {JsonSerializer.Serialize(text)} threw {broken}");
        }
    }

    static ITemplate Compile(string text) =>
        new HandlebarsTemplates().TryCompile(text, out var template, out var error) ? template : throw new InvalidOperationException(error.ToString());
}
