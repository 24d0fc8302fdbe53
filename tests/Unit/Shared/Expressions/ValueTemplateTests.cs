using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Shared.Templates;

namespace AgentPlatform.Unit.Shared.Expressions;

public sealed class ValueTemplateTests
{
    static readonly Datum Scope = Datum.From(JsonDocument.Parse(
        """{"input":{"url":"https://x.test","n":1.50,"tags":["a","b"]},"fetch":{"body":{"text":"hi"}}}""").RootElement);

    [TestCase("""{"url":"=input.url","n":"=input.n","t":"=input.tags"}""", """{"url":"https://x.test","n":1.50,"t":["a","b"]}""")]
    [TestCase("""["{{fetch.body.text}} there", "==1", 1.0, null, {"a":["==x","=missing"]}]""", """["hi there","=1",1.0,null,{"a":["=x",null]}]""")]
    [TestCase("\"=input.tags[-1]\"", "\"b\"")]
    [TestCase("""{"=input.url":"names are no expressions"}""", """{"=input.url":"names are no expressions"}""")]
    public void Keeps_types_and_fills_in_text(string source, string expected)
    {
        var errors = new List<string>();
        var template = Compile(source, errors);

        Assert.That(errors, Is.Empty);
        Assert.That(Write(template), Is.EqualTo(expected));
        Assert.That(template.Evaluate(Scope).ToJson(), Is.EqualTo(expected));
    }

    [TestCase("""{"a":[1,"x",{"b":null}]}""", """{"a":[1,"x",{"b":null}]}""")]
    [TestCase("""{"a":["==x"]}""", """{"a":["=x"]}""")]
    public void A_literal_is_known_without_a_run(string source, string expected)
    {
        var template = Compile(source, []);

        Assert.That((template.IsLiteral, template.References.Any(), Write(template)), Is.EqualTo((true, false, expected)));
    }

    [Test]
    public void Names_every_reference_with_its_place()
    {
        var template = Compile("""{"a/b":["=fetch.body","x {{input.url}}"],"c":{"d~":"=run.id + attempt"},"e":"plain"}""", []);

        Assert.That(template.References.Select(r => $"{r.Pointer} {r.RootField}"), Is.EquivalentTo(new[]
        {
            "/with/a~1b/0 fetch", "/with/a~1b/1 input", "/with/c/d~0 run", "/with/c/d~0 attempt",
        }));
    }

    [Test]
    public void Reports_every_error_at_once()
    {
        var errors = new List<string>();

        Compile("""{"a":"=(","b":["=nope(x)","{{#if x}}"],"c":"=abs()","d":"=ok"}""", errors);

        Assert.That(errors, Is.EqualTo(new[] { "/with/a syntax", "/with/b/0 unknown_function", "/with/b/1 syntax", "/with/c invalid_arity" }));
    }

    [Test]
    public void Counts_positions_from_the_beginning_of_the_string_and_leaves_null_behind()
    {
        var positions = new List<int>();

        var template = ValueTemplate.Compile(JsonDocument.Parse("""["=a..b","{{a}} {{"]""").RootElement, "", new HandlebarsTemplates(), (_, error) => positions.Add(error.Position));

        Assert.That(positions, Is.EqualTo(new[] { 3, 6 }));
        Assert.That(Write(template), Is.EqualTo("[null,null]"));
    }

    [Test]
    public void Says_where_an_evaluation_failed()
    {
        var template = Compile("""{"a":["=input.url + input.n"]}""", []);

        Assert.That(() => template.Evaluate(Scope), Throws.TypeOf<ExpressionException>().With.Message.StartsWith("/with/a/0: "));
        Assert.That(() => Write(template), Throws.TypeOf<ExpressionException>().With.Message.StartsWith("/with/a/0: "));
    }

    [Test]
    public void Data_is_never_read_as_an_expression_or_a_template()
    {
        var scope = Datum.From(JsonDocument.Parse("""{"input":{"evil":"=run.secret {{run.secret}}"},"run":{"secret":"s3cret"}}""").RootElement);
        var template = Compile("""["=input.evil","{{input.evil}}"]""", []);

        Assert.That(template.Evaluate(scope).ToJson(), Is.EqualTo("""["=run.secret {{run.secret}}","=run.secret {{run.secret}}"]"""));
    }

    [Test]
    public void Many_small_expressions_together_end_at_the_size_of_one_value()
    {
        var scope = Datum.From(JsonDocument.Parse($$"""{"big":"{{new string('x', 1_000_000)}}"}""").RootElement);
        var template = Compile($"[{string.Join(',', Enumerable.Repeat("\"=big\"", 5000))}]", []);

        Assert.That(() => WriteOver(template, scope), Throws.TypeOf<ExpressionException>().With.Property("Error").Property("Code").EqualTo(ExpressionErrorCode.Limit));
    }

    static ValueTemplate Compile(string source, List<string> errors) => ValueTemplate.Compile(
        JsonDocument.Parse(source).RootElement, "/with", new HandlebarsTemplates(), (pointer, error) => errors.Add($"{pointer} {error.Code}"));

    static string Write(ValueTemplate template) => WriteOver(template, Scope);

    static string WriteOver(ValueTemplate template, Datum scope)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            template.WriteTo(writer, scope);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
