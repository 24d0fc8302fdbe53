using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Unit.Shared.JsonSchema;

public sealed class CompiledSchemaTests
{
    const string Person = """
        {"type":"object","required":["name","age"],"additionalProperties":false,"properties":{
          "name":{"type":"string","minLength":2},"age":{"type":"integer","minimum":0},
          "tags":{"type":"array","items":{"enum":["a","b"]},"uniqueItems":true},"a/b":{"$ref":"#/$defs/flag"}},
         "$defs":{"flag":{"type":"boolean"}}}
        """;

    [Test]
    public void Reports_every_problem_with_both_places()
    {
        var problems = Compile(Person).Validate(JsonElement.Parse("""{"name":"x","tags":["a","c","a"],"a/b":1,"more":1}"""));

        Assert.That(problems.Select(p => (p.InstancePointer, p.SchemaPointer, p.Keyword)), Is.EquivalentTo(new[]
        {
            ("/name", "/properties/name/minLength", "minLength"),
            ("/tags/1", "/properties/tags/items/enum", "enum"),
            ("/tags", "/properties/tags/uniqueItems", "uniqueItems"),
            ("/a~1b", "/$defs/flag/type", "type"),
            ("/more", "/additionalProperties", "additionalProperties"),
            ("", "/required", "required"),
        }));
    }

    [Test]
    public void Says_what_is_wrong_in_words()
    {
        var schema = Compile("""{"anyOf":[{"type":"string"},{"properties":{"n":{"type":"integer","maximum":5}},"required":["n"]}]}""");

        var problem = schema.Validate(JsonElement.Parse("""{"n":7}""")).Single();

        Assert.That(problem.Message, Is.EqualTo("The value fits none of the 2 alternatives. The closest one: /n: The number must be at most 5."));
    }

    [Test]
    public void Stops_at_the_number_of_problems_asked_for() =>
        Assert.That(Compile("""{"items":false}""").Validate(JsonElement.Parse("[1,2,3,4,5]"), maxProblems: 3), Has.Count.EqualTo(3));

    [TestCase("{\"type\":\"strin\"}", "/type")]
    [TestCase("{\"properties\":{\"a\":{\"minLength\":-1}}}", "/properties/a/minLength")]
    [TestCase("{\"required\":\"a\"}", "/required")]
    [TestCase("{\"properties\":{\"a\":3}}", "/properties/a")]
    [TestCase("{\"multipleOf\":0}", "/multipleOf")]
    [TestCase("{\"$defs\":{\"a\":{\"enum\":1}}}", "/$defs/a/enum")]
    [TestCase("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"definitions\":{\"a\":{\"items\":1}}}", "/definitions/a/items")]
    [TestCase("{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}", "/$schema")]
    [TestCase("{\"$ref\":\"#/$defs/nope\"}", "/$ref")]
    [TestCase("{\"items\":{\"$ref\":\"#nope\"}}", "/items/$ref")]
    [TestCase("{\"$ref\":\"https://example.com/other.json\"}", "/$ref")]
    [TestCase("{\"$ref\":\"file:///etc/passwd\"}", "/$ref")]
    [TestCase("{\"$ref\":\"//[/x\"}", "/$ref")]
    [TestCase("{\"pattern\":\"(\"}", "/pattern")]
    [TestCase("{\"patternProperties\":{\"[a\":true}}", "/patternProperties")]
    [TestCase("{\"$ref\":\"#\"}", "")]
    [TestCase("{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"allOf\":[{\"$ref\":\"#/$defs/a\"}]}},\"properties\":{\"x\":{\"$ref\":\"#/$defs/a\"}}}", "/$defs/a")]
    [TestCase("{\"anyOf\":[{\"type\":\"null\"},{\"not\":{\"$ref\":\"#\"}}]}", "")]
    [TestCase("{\"$defs\":{\"a\":{\"$anchor\":\"x\"},\"b\":{\"$anchor\":\"x\"}}}", "/$defs/b/$anchor")]
    [TestCase("3", "")]
    [TestCase("\"\\ud800\"", "")]
    public void Refuses_a_bad_schema_with_its_place(string schema, string pointer)
    {
        var good = CompiledSchema.TryCompile(JsonElement.Parse(schema), out var compiled, out var problems);

        Assert.Multiple(() =>
        {
            Assert.That(good, Is.False);
            Assert.That(compiled, Is.Null);
            Assert.That(problems.Select(p => p.SchemaPointer), Does.Contain(pointer), string.Join('\n', problems));
        });
    }

    [TestCase("{\"multipleOf\":0.0001}", "0.0075", true)]
    [TestCase("{\"multipleOf\":0.0001}", "0.00751", false)]
    [TestCase("{\"multipleOf\":0.1}", "1e300", true)]
    [TestCase("{\"multipleOf\":0.3}", "1e300", false)]
    [TestCase("{\"multipleOf\":1e-8}", "12391239123", true)]
    [TestCase("{\"type\":\"integer\"}", "1.0", true)]
    [TestCase("{\"type\":\"integer\"}", "10e-1", true)]
    [TestCase("{\"type\":\"integer\"}", "1e400", true)]
    [TestCase("{\"type\":\"integer\"}", "1e-400", false)]
    [TestCase("{\"maximum\":9007199254740992}", "9007199254740993", false)]
    [TestCase("{\"maximum\":9007199254740992.5}", "9007199254740992.50000000000000000001", false)]
    [TestCase("{\"exclusiveMinimum\":0}", "1e-400", true)]
    [TestCase("{\"minimum\":-1e400}", "-1e399", true)]
    [TestCase("{\"const\":1}", "1.0", true)]
    [TestCase("{\"const\":{\"a\":[1e2,false]}}", "{\"a\":[100.0,false]}", true)]
    [TestCase("{\"const\":false}", "0", false)]
    [TestCase("{\"enum\":[0,\"1\"]}", "1", false)]
    [TestCase("{\"uniqueItems\":true}", "[1,1.0]", false)]
    [TestCase("{\"uniqueItems\":true}", "[0,false,\"0\",null,[],{},2,3,4,5,6,7,8,9]", true)]
    [TestCase("{\"uniqueItems\":true}", "[0,1,2,3,4,5,6,7,8,9,10,11,12,{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1}]", false)]
    [TestCase("{\"maxLength\":1}", "\"😀\"", true)]
    [TestCase("{\"maxLength\":1}", "\"\\ud83d\\ude00\"", true)]
    [TestCase("{\"minLength\":2.0}", "\"a\"", false)]
    public void Takes_numbers_and_texts_for_what_they_mean(string schema, string instance, bool valid) =>
        Assert.That(Compile(schema).IsValid(JsonElement.Parse(instance)), Is.EqualTo(valid));

    [TestCase(@"^a$", "a\n", false)]
    [TestCase(@"^\d+$", "٣", false)]
    [TestCase(@"^\w+$", "ä", false)]
    [TestCase(@"^[^\W]+$", "ab_1", true)]
    [TestCase(@"^[\D]$", "4", false)]
    [TestCase(@"^\s$", "\uFEFF", true)]
    [TestCase(@"^[^\S]$", "\u00A0", true)]
    [TestCase(@"^\S$", "\u2003", false)]
    [TestCase(@"^.$", "\u2028", false)]
    [TestCase(@"^\p{Letter}+$", "äß", true)]
    [TestCase(@"^\P{Lu}$", "A", false)]
    [TestCase(@"^\u{1F600}$", "😀", true)]
    [TestCase(@"^[]$", "", false)]
    [TestCase(@"^[^]$", "\n", true)]
    [TestCase(@"^[a-z-[aeiou]]$", "e]", true)]
    [TestCase(@"^(?=.*\d)(?!x).{3,}$", "ab1", true)]
    [TestCase(@"^(?<q>['""]).*\k<q>$", "'a'", true)]
    [TestCase(@"^\/\-\.$", "/-.", true)]
    [TestCase("^\\cM$", "\r", true)]
    [TestCase("é", "caf\u00e9", true)]
    public void Reads_patterns_as_ECMAScript_does(string pattern, string text, bool matches) =>
        Assert.That(Compile(JsonSerializer.Serialize(new { pattern })).IsValid(JsonSerializer.SerializeToElement(text)), Is.EqualTo(matches));

    [TestCase(@"\a")]
    [TestCase(@"\Z")]
    [TestCase(@"(?i)a")]
    [TestCase(@"(?#x)")]
    [TestCase(@"\p{Script=Greek}")]
    [TestCase(@"\p")]
    [TestCase(@"\u{110000}")]
    [TestCase(@"a**")]
    [TestCase(@"\")]
    [TestCase(@"[\")]
    public void Refuses_what_is_no_ECMAScript_pattern(string pattern) =>
        Assert.That(CompiledSchema.TryCompile(JsonSerializer.SerializeToElement(new { pattern }), out _, out _), Is.False);

    [TestCase("(a+)+$")]
    [TestCase("^(a|a)*$")]
    [TestCase("^(?=(a+)+$)")]
    [TestCase(@"^(a+)+\1$")]
    [TestCase("^(a{1,500}){1,500}$")]
    public void Ends_on_patterns_that_explode(string pattern)
    {
        var text = JsonSerializer.SerializeToElement(string.Concat(Enumerable.Repeat(new string('a', 60), 500)) + "!");

        var many = Compile(JsonSerializer.Serialize(new { items = new { pattern } })).Validate(JsonSerializer.SerializeToElement(Enumerable.Repeat(text, 50)));

        Assert.That(many, Is.Not.Empty);
    }

    [Test]
    public void Gives_up_on_references_that_double_at_each_level()
    {
        var levels = Enumerable.Range(0, 60).Select(i => $$"""  "l{{i}}":{"allOf":[{"$ref":"#/$defs/l{{i + 1}}"},{"$ref":"#/$defs/l{{i + 1}}"}]} """);
        var schema = Compile($$$"""{"$ref":"#/$defs/l0","$defs":{{{{string.Join(',', levels)}}},"l60":true}}""");
        var negated = Compile($$$"""{"not":{"$ref":"#/$defs/l0"},"$defs":{{{{string.Join(',', levels)}}},"l60":true}}""");

        Assert.Multiple(() =>
        {
            Assert.That(schema.IsValid(JsonElement.Parse("1")), Is.False);
            Assert.That(schema.Validate(JsonElement.Parse("1")).Single().Message, Does.Contain("too many steps"));
            Assert.That(negated.IsValid(JsonElement.Parse("1")), Is.False);
        });
    }

    [Test]
    public void Survives_a_chain_of_thousands_of_references()
    {
        var links = Enumerable.Range(0, 5000).Select(i => $$"""  "c{{i}}":{"$ref":"#/$defs/c{{i + 1}}"} """);
        var schema = Compile($$$"""{"$ref":"#/$defs/c0","$defs":{{{{string.Join(',', links)}}},"c5000":true}}""");

        Assert.That(schema.Validate(JsonElement.Parse("1")).Single().Message, Does.Contain("levels deep"));
    }

    [Test]
    public void Follows_a_recursive_schema_through_the_deepest_instance()
    {
        var schema = Compile("""{"type":"array","items":{"$ref":"#"}}""");

        Assert.Multiple(() =>
        {
            Assert.That(schema.IsValid(JsonElement.Parse(new string('[', 64) + new string(']', 64))), Is.True);
            Assert.That(schema.Validate(JsonElement.Parse(new string('[', 63) + "1" + new string(']', 63))).Single().InstancePointer.Count(c => c == '/'), Is.EqualTo(63));
        });
    }

    [Test]
    public void Refuses_text_that_is_not_Unicode_instead_of_throwing()
    {
        var schema = Compile("""{"properties":{"a":{"pattern":"^x$"}},"additionalProperties":{"uniqueItems":true}}""");

        Assert.That(schema.Validate(JsonElement.Parse("""{"a":"\ud800"}""")), Is.Not.Empty);
    }

    [Test]
    public void Is_the_same_for_many_threads_at_once()
    {
        var schema = Compile(Person);
        var good = JsonElement.Parse("""{"name":"Ada","age":36,"tags":["a","b"]}""");
        var bad = JsonElement.Parse("""{"name":"Ada","age":-1}""");

        var wrong = Enumerable.Range(0, 2000).AsParallel().Count(i => schema.IsValid(i % 2 == 0 ? good : bad) != (i % 2 == 0));

        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public void Allocates_next_to_nothing_for_a_valid_instance()
    {
        var schema = Compile(Person);
        var instance = JsonElement.Parse("""{"name":"Ada","age":36,"tags":["a","b"],"a/b":true}""");
        schema.IsValid(instance);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            schema.IsValid(instance);

        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / 100, Is.LessThan(400));
    }

    [Test]
    public void Shortens_the_names_of_an_instance_in_its_problems()
    {
        var name = new string('n', 100_000);
        var instance = JsonElement.Parse("{\"" + name + "\":{\"" + name + "\":1}}");

        var problem = Compile("""{"additionalProperties":{"additionalProperties":false}}""").Validate(instance).Single();

        Assert.That(problem.InstancePointer.Length + problem.Message.Length, Is.LessThan(1000));
    }

    [Test]
    public void Finds_the_anchors_of_a_document_that_calls_itself_by_another_name()
    {
        var documents = new Dictionary<string, JsonElement>
        {
            ["http://example.com/a.json"] = JsonElement.Parse("""{"$id":"http://example.com/b.json","$defs":{"x":{"$anchor":"x","type":"null"}}}"""),
        };
        var schema = JsonElement.Parse("""{"$ref":"http://example.com/a.json#x"}""");

        var good = CompiledSchema.TryCompile(schema, documents, Dialect.Draft202012, out var compiled, out _);

        Assert.That(good && compiled!.IsValid(JsonElement.Parse("null")) && !compiled.IsValid(JsonElement.Parse("1")), Is.True);
    }

    [Test]
    public void Outlives_the_document_of_its_schema()
    {
        CompiledSchema? schema;
        using (var document = JsonDocument.Parse("""{"enum":["x"]}"""))
            Assert.That(CompiledSchema.TryCompile(document.RootElement, out schema, out _), Is.True);

        Assert.That(schema!.IsValid(JsonElement.Parse("\"x\"")), Is.True);
    }

    static CompiledSchema Compile(string schema)
    {
        Assert.That(CompiledSchema.TryCompile(JsonElement.Parse(Encoding.UTF8.GetBytes(schema)), out var compiled, out var problems), Is.True, string.Join('\n', problems));
        return compiled!;
    }
}
