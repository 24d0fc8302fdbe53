using System.Text.Json;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Unit.Shared.JsonSchema;

/// <summary>The official suite's mandatory cases: see Suite/ORIGIN.md.</summary>
public sealed class OfficialSuiteTests
{
    static readonly string Root = Path.Combine(TestContext.CurrentContext.TestDirectory, "Shared", "JsonSchema", "Suite");
    static readonly IReadOnlyDictionary<string, JsonElement> Remotes = LoadRemotes();

    /// <summary>Groups that we answer differently on purpose, with the reason. The test fails when one of them comes out right.</summary>
    static readonly Dictionary<string, string> Different = [];

    public static IEnumerable<TestCaseData> Files() =>
        from draft in new[] { "draft2020-12", "draft7" }
        from file in Directory.GetFiles(Path.Combine(Root, "tests", draft), "*.json").Order(StringComparer.Ordinal)
        select new TestCaseData(draft, Path.GetFileName(file)).SetArgDisplayNames(draft, Path.GetFileName(file));

    [TestCaseSource(nameof(Files))]
    public void Answers_as_the_suite_does(string draft, string file)
    {
        var failures = Run(draft, file).Where(c => !c.Agrees).Select(c => c.Name).ToArray();

        Assert.That(failures, Is.Empty);
    }

    [TestCase("draft2020-12", 1301)]
    [TestCase("draft7", 929)]
    public void Runs_every_mandatory_case(string draft, int cases)
    {
        var all = Files().Where(f => (string)f.Arguments[0]! == draft).SelectMany(f => Run(draft, (string)f.Arguments[1]!)).ToArray();
        var agreed = all.Count(c => c.Agrees);

        TestContext.Out.WriteLine($"{draft}: {agreed} of {all.Length} ({100.0 * agreed / all.Length:F2} %)");
        Assert.That(all, Has.Length.EqualTo(cases));
    }

    static List<(string Name, bool Agrees)> Run(string draft, string file)
    {
        using var groups = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, "tests", draft, file)));
        var results = new List<(string Name, bool Agrees)>();
        foreach (var group in groups.RootElement.EnumerateArray())
        {
            var dialect = draft == "draft7" ? Dialect.Draft07 : Dialect.Draft202012;
            var compiles = CompiledSchema.TryCompile(group.GetProperty("schema"), Remotes, dialect, out var schema, out var problems);
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var data = test.GetProperty("data");
                var expected = test.GetProperty("valid").GetBoolean();
                // Both ways of asking must agree, and what is invalid must be explained.
                var agrees = compiles && schema!.IsValid(data) == expected && (schema.Validate(data).Count == 0) == expected;
                var name = $"{group.GetProperty("description")} / {test.GetProperty("description")}";
                results.Add(($"{name}{(compiles ? "" : ": " + problems[0])}", agrees != Different.ContainsKey($"{draft}/{file}: {name}")));
            }
        }
        return results;
    }

    static Dictionary<string, JsonElement> LoadRemotes()
    {
        var root = Path.Combine(Root, "remotes");
        var documents = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(root, "*.json", SearchOption.AllDirectories))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            documents.Add("http://localhost:1234/" + Path.GetRelativePath(root, file).Replace('\\', '/'), document.RootElement.Clone());
        }
        return documents;
    }
}
