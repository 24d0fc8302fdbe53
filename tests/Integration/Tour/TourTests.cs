using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Tour;

/// <summary>What the README promises a newcomer.</summary>
public sealed partial class TourTests
{
    static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));
    static readonly string Script = Path.Combine(Root, "docs/tour/tour.sh");

    [Test]
    public async Task The_tour_runs_to_its_end()
    {
        var app = await TestApp.Shared();
        var (code, output, errors) = await Bash.Run([Script], ("AGENTPLATFORM_URL", app.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, () => output + errors);
            Assert.That(output.TrimEnd().Split('\n')[^1], Is.EqualTo("The tour is complete: signed up, described, fired, watched, read, replayed, refused."));
        });
    }

    [Test]
    public async Task The_tour_fails_where_nothing_answers()
    {
        var (code, output, errors) = await Bash.Run([Script], ("AGENTPLATFORM_URL", "http://127.0.0.1:1"));
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Not.Zero);
            Assert.That(output, Does.Not.Contain("complete"));
            Assert.That(errors, Is.Not.Empty);
        });
    }

    [Test]
    public void Every_command_of_the_README_stands_in_the_tour()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        var section = readme[readme.IndexOf("## Five minutes", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        var blocks = CommandBlock().Matches(section).Select(match => match.Groups["commands"].Value).ToList();
        var script = File.ReadAllText(Script);
        Assert.Multiple(() =>
        {
            Assert.That(blocks, Has.Count.GreaterThan(5));
            Assert.That(blocks.Where(block => !script.Contains(block, StringComparison.Ordinal)), Is.Empty);
        });
    }

    [GeneratedRegex("^```bash\n(?<commands>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex CommandBlock();

    static string ThisFile([CallerFilePath] string path = "") => path;
}
