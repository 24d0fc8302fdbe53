using System.Text.RegularExpressions;
using System.Xml.Linq;
using AgentPlatform.Architecture.Support;

namespace AgentPlatform.Architecture;

/// <summary>What keeps the tree readable: small files with the names that one searches for, and projects that point downwards.</summary>
public sealed partial class SourceFileTests
{
    const int MaxLines = 400;

    static readonly Dictionary<string, string[]> References = new()
    {
        ["Domain"] = [],
        ["Application"] = ["Domain"],
        ["Infrastructure"] = ["Application"],
        ["Api"] = ["Infrastructure"],
    };

    [TestCase("src")]
    [TestCase("tests")]
    public void Files_are_short(string folder)
    {
        var sizes = Repository.Files(folder, "*.cs").Select(file => (file.Path, Lines: file.Text.Count(c => c == '\n'))).OrderBy(x => x.Lines).ToList();
        TestContext.Out.WriteLine($"{folder}: {sizes.Count} files, median {sizes[sizes.Count / 2].Lines} lines, p95 {sizes[sizes.Count * 95 / 100].Lines}, largest {sizes[^1]}");
        Assert.Multiple(() =>
        {
            Assert.That(sizes.Where(x => x.Lines > MaxLines), Is.Empty);
            Assert.That(sizes[sizes.Count / 2].Lines, Is.LessThanOrEqualTo(100), "median");
            Assert.That(sizes[sizes.Count * 95 / 100].Lines, Is.LessThanOrEqualTo(250), "95th percentile");
        });
    }

    [Test]
    public void Migrations_are_short() =>
        Assert.That(Repository.Files("db", "*.sql").Where(file => file.Text.Count(c => c == '\n') > MaxLines), Is.Empty);

    /// <summary>A part of a type that is split over files is named <c>Type.Part.cs</c>; <c>Ports</c>, <c>…Views</c> and <c>…Errors</c> hold a module's family.</summary>
    [Test]
    public void A_file_with_public_types_is_named_after_one_of_them() =>
        Assert.That(
            from file in Repository.Files("src", "*.cs")
            where PublicType().IsMatch(file.Text)
            let types = Declared().Matches(file.Text).Select(match => match.Groups["name"].Value).ToList()
            let name = Path.GetFileName(file.Path).Split('.')[0]
            where !types.Contains(name) && !IsFamily(name)
            select $"{file.Path}: {string.Join(", ", types)}",
            Is.Empty);

    [Test]
    public void No_name_says_nothing() =>
        Assert.That(
            from folder in new[] { "src", "tests" }
            from file in Repository.Files(folder, "*.cs")
            from match in Declared().Matches(file.Text)
            where Empty().IsMatch(match.Groups["name"].Value)
            select $"{file.Path}: {match.Groups["name"].Value}",
            Is.Empty);

    [Test]
    public void Modules_are_folders_of_the_same_name_in_each_layer() =>
        Assert.That(
            from layer in Il.Layers
            from folder in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", layer)).Select(Path.GetFileName)
            where layer != "Api" && folder is not ("bin" or "obj" or Modules.Shared) && !Modules.Names.Contains(folder)
            select $"{layer}/{folder}",
            Is.Empty);

    [Test]
    public void A_namespace_says_where_the_file_lies() =>
        Assert.That(
            from layer in Il.Layers
            from file in Repository.Files($"src/{layer}", "*.cs")
            let match = Namespace().Match(file.Text)
            where match.Success
            let parts = file.Path.Split('/')[2..^1]
            let lies = string.Join('.', parts.Prepend($"AgentPlatform.{layer}"))
            // A module's subfolder may only sort files, and then adds no segment.
            where lies != match.Groups["name"].Value && !(parts.Length > 1 && lies.StartsWith(match.Groups["name"].Value + ".", StringComparison.Ordinal) && match.Groups["name"].Value.Split('.').Length >= 3)
            select $"{file.Path}: {match.Groups["name"].Value}",
            Is.Empty);

    [TestCaseSource(nameof(Layers))]
    public void A_project_refers_only_downwards(string layer)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, $"src/{layer}/AgentPlatform.{layer}.csproj"));
        var names = project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)["AgentPlatform.".Length..]);
        Assert.That(names, Is.EquivalentTo(References[layer]));
    }

    [Test]
    public void Domain_has_no_package() =>
        Assert.That(XDocument.Load(Path.Combine(Repository.Root, "src/Domain/AgentPlatform.Domain.csproj")).Descendants("PackageReference"), Is.Empty);

    [Test]
    public void Versions_stand_in_one_place() =>
        Assert.That(
            from folder in new[] { "src", "tests" }
            from file in Repository.Files(folder, "*.csproj")
            from package in XDocument.Load(file.FullPath).Descendants("PackageReference")
            where package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null
            select $"{file.Path}: {package}",
            Is.Empty);

    static string[] Layers() => [.. References.Keys];

    static bool IsFamily(string name) => name is "Ports" or "Messages" || name.EndsWith("Views", StringComparison.Ordinal) || name.EndsWith("Errors", StringComparison.Ordinal);

    [GeneratedRegex(@"^public (?:(?:sealed|abstract|static|partial|readonly|ref) )*(?:record struct|record|class|struct|interface|enum|delegate \w+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|file|sealed|abstract|static|partial|readonly|ref) )*(?:record struct|record|class|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex("(Helpers?|Manager|Utils?|Utility|Utilities|Common|Misc)$")]
    private static partial Regex Empty();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
