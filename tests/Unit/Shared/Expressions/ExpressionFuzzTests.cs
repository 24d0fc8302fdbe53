using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Unit.Shared.Expressions;

/// <summary>Whatever the text and the data: a refusal or a value, never another exception, never a crash, never endless work.</summary>
public sealed class ExpressionFuzzTests
{
    const int Seed = 20_261_122;

    static readonly string[] Words =
    [
        "a", "b", "n", "foo", "@", "$", "$x", "*", "[*]", "[]", "[?", "[", "]", "(", ")", "{", "}", ".", ",", ":", "|", "||", "&&", "&", "!", "==", "!=",
        "<", ">=", "+", "-", "/", "//", "%", "let $x = ", " in ", "`1`", "`[1,2,\"a\"]`", "`{\"a\":null}`", "'text'", "'", "`", "\"a b\"", "0", "-1", "[0]",
        "[::-1]", "[1:]", "sort(", "sort_by(", "map(&", "length(", "join('', ", "split(", "to_string(", "not_null(", "merge(", "items(", "zip(", "\ud834\udd1e", "é", "\\", "\n",
    ];

    static readonly Datum[] Data =
    [
        .. new[]
        {
            "null", "1e999", "\"\\ud800\"", "[\"\\ud800\", {\"\\udc00\": 1}]", "[]", "{}", """{"a":[1,"x",null,{"b":[true,{"n":1.0}]}],"b":{"a":{"n":[3,1,2]}},"foo":"t𝄞xt","n":12345678901234567890}""",
            """[{"a":1,"b":"x"},{"a":2,"b":"y"},[[1],[2]]]""",
        }.Select(json => Datum.From(JsonDocument.Parse(json).RootElement)),
    ];

    [Test]
    public void Never_breaks_on_random_words()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 20_000; round++)
        {
            Try(string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => Words[random.Next(Words.Length)])), random);
        }
    }

    [Test]
    public void Never_breaks_on_random_characters()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(1, 60)];
            random.NextBytes(bytes);
            Try(round % 2 == 0 ? Encoding.UTF8.GetString(bytes) : string.Concat(bytes.Select(b => (char)(b * 257))), random);
        }
    }

    [Test]
    public void Never_breaks_on_changed_examples()
    {
        var random = new Random(Seed);
        string[] examples = [.. ComplianceTests.Cases().Select(c => ((JsonElement)c.Arguments[1]!).GetProperty("expression").GetString()!)];
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder(examples[random.Next(examples.Length)]);
            for (var change = random.Next(1, 4); change > 0 && text.Length > 0; change--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, Words[random.Next(Words.Length)]),
                    _ => text.Replace(text[at], (char)random.Next(32, 127), at, 1),
                };
            }

            Try(text.ToString(), random);
        }
    }

    static void Try(string text, Random random, [CallerMemberName] string test = "")
    {
        var step = "compiling";
        try
        {
            if (!Expression.TryCompile(text, out var expression, out var error))
            {
                Assert.That(error!.Message, Is.Not.Empty);
                Assert.That(error.Position, Is.InRange(-1, text.Length));
                return;
            }

            step = "evaluating";
            var result = expression.Evaluate(Data[random.Next(Data.Length)]);
            step = "writing";
            _ = result.ToJson();
        }
        catch (ExpressionException failed) when (step != "compiling")
        {
            Assert.That(failed.Error.Code, Is.AnyOf(ExpressionErrorCode.InvalidType, ExpressionErrorCode.InvalidValue, ExpressionErrorCode.Limit));
        }
        catch (Exception broken) when (broken is not AssertionException)
        {
            Assert.Fail($"{test}, seed {Seed}: {step} {JsonSerializer.Serialize(text)} threw {broken}");
        }
    }
}
