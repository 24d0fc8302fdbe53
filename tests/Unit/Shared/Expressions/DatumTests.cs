using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Unit.Shared.Expressions;

public sealed class DatumTests
{
    [TestCase("1.0")]
    [TestCase("1e2")]
    [TestCase("-0")]
    [TestCase("12345678901234567890.123456789")]
    [TestCase("1E400")]
    public void Numbers_from_the_input_keep_their_text(string number)
    {
        var datum = Parse($$"""{"a":[{{number}}]}""");

        Assert.That(Run("{b: a[0]}", datum).ToJson(), Is.EqualTo($$"""{"b":{{number}}}"""));
    }

    [TestCase(long.MaxValue)]
    [TestCase(long.MinValue)]
    [TestCase(9_007_199_254_740_993)]
    public void Long_integers_are_written_exactly(long number) =>
        Assert.That(Datum.From(number).ToJson(), Is.EqualTo($"{number}"));

    [Test]
    public void Large_integers_differ_by_their_last_digit() => Assert.Multiple(() =>
    {
        Assert.That(Parse("9007199254740993"), Is.Not.EqualTo(Parse("9007199254740992")));
        Assert.That(Datum.From(9_007_199_254_740_993), Is.Not.EqualTo(Parse("9007199254740992")));
        Assert.That(Datum.From(9_007_199_254_740_993), Is.EqualTo(Parse("9007199254740993")));
        Assert.That(Datum.From(1L), Is.EqualTo(Parse("1.0")));
    });

    [Test]
    public void There_is_no_number_that_JSON_lacks() => Assert.Multiple(() =>
    {
        Assert.That(() => Datum.From(double.NaN), Throws.TypeOf<ExpressionException>());
        Assert.That(() => Datum.From(double.PositiveInfinity), Throws.TypeOf<ExpressionException>());
    });

    [TestCase("null", false)]
    [TestCase("false", false)]
    [TestCase("\"\"", false)]
    [TestCase("[]", false)]
    [TestCase("{}", false)]
    [TestCase("0", true)]
    [TestCase("\" \"", true)]
    [TestCase("[null]", true)]
    [TestCase("{\"a\":null}", true)]
    public void Truth_is_JMESPaths(string json, bool truthy) => Assert.That(Parse(json).IsTruthy, Is.EqualTo(truthy));

    [Test]
    public void The_default_is_null() => Assert.That((default(Datum).IsNull, default(Datum).ToJson(), Datum.From(default(JsonElement)).IsNull), Is.EqualTo((true, "null", true)));

    [Test]
    public void Of_a_repeated_name_the_last_one_counts_everywhere()
    {
        var repeated = Parse("""{"a":1,"a":2}""");

        Assert.That(Run("a", repeated), Is.EqualTo(Datum.From(2L)));
        Assert.That(repeated, Is.EqualTo(Parse("""{"a":2}""")));
    }

    [Test]
    public void A_lazy_object_is_asked_only_for_what_is_read()
    {
        var scope = new RecordingScope();

        Assert.That(Run("fetch.body || missing", Datum.FromObject(scope)), Is.EqualTo(Datum.From("ok")));
        Assert.That(scope.Asked, Is.EqualTo(new[] { "fetch" }));
    }

    [Test]
    public void A_lazy_object_is_written_whole_when_it_is_taken_whole() =>
        Assert.That(Run("[@]", Datum.FromObject(new RecordingScope())).ToJson(), Is.EqualTo("""[{"fetch":{"body":"ok"}}]"""));

    [Test]
    public void Half_a_character_in_the_data_is_an_error_of_the_data()
    {
        var broken = Parse("""{"a":"\ud800"}""");

        Assert.That(() => Run("length(a)", broken), Throws.TypeOf<ExpressionException>().With.Property("Error").Property("Code").EqualTo(ExpressionErrorCode.InvalidValue));
    }

    static Datum Parse(string json) => Datum.From(JsonDocument.Parse(json).RootElement);

    static Datum Run(string text, Datum root) =>
        Expression.TryCompile(text, out var expression, out var error) ? expression.Evaluate(root) : throw new InvalidOperationException(error.ToString());

    sealed class RecordingScope : IDatumObject
    {
        public List<string> Asked { get; } = [];

        public IEnumerable<KeyValuePair<string, Datum>> Members => [new("fetch", Parse("""{"body":"ok"}"""))];

        public bool TryGet(string name, out Datum value)
        {
            Asked.Add(name);
            value = name == "fetch" ? Members.First().Value : default;
            return name == "fetch";
        }
    }
}
