using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Unit.Shared.Expressions;

/// <summary>Every case of the official JMESPath compliance suite, and ours for the community edition's additions (same format).</summary>
public sealed class ComplianceTests
{
    public static IEnumerable<TestCaseData> Cases() =>
        from folder in new[] { "Compliance", "Community" }
        from file in Directory.EnumerateFiles(Path.Combine(Here(), folder), "*.json").Order(StringComparer.Ordinal)
        from suite in JsonDocument.Parse(File.ReadAllText(file)).RootElement.EnumerateArray().Select((s, i) => (Json: s, Index: i))
        from example in suite.Json.GetProperty("cases").EnumerateArray().Select((c, i) => (Json: c, Index: i))
        where !example.Json.TryGetProperty("bench", out _)
        select new TestCaseData(suite.Json.GetProperty("given"), example.Json)
            .SetName($"{folder} {Path.GetFileNameWithoutExtension(file)} {suite.Index}.{example.Index}");

    [TestCaseSource(nameof(Cases))]
    public void Agrees_with(JsonElement given, JsonElement example)
    {
        var text = example.GetProperty("expression").GetString()!;
        if (example.TryGetProperty("error", out var error))
        {
            Assert.That(FailureOf(text, given), Is.EqualTo(error.GetString()!.Replace('-', '_')), text);
            return;
        }

        Assert.That(Expression.TryCompile(text, out var expression, out var refusal), Is.True, $"{text}: {refusal}");
        var expected = Datum.From(example.GetProperty("result"));
        var actual = expression!.Evaluate(Datum.From(given));
        Assert.That(actual.Equals(expected), Is.True, $"{text}: expected {expected}, got {actual}");
    }

    static string? FailureOf(string text, JsonElement given)
    {
        if (!Expression.TryCompile(text, out var expression, out var refusal))
        {
            return refusal!.Code;
        }

        try
        {
            return $"the value {expression.Evaluate(Datum.From(given))}";
        }
        catch (ExpressionException failed)
        {
            return failed.Error.Code;
        }
    }

    static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
