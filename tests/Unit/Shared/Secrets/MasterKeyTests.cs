using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Unit.Shared.Secrets;

public sealed class MasterKeyTests
{
    [Test]
    public void Makes_the_key_on_the_first_start_and_reads_it_afterwards() => InTemporaryDirectory(directory =>
    {
        var configuration = new ConfigurationBuilder().Build();

        var first = MasterKey.FromConfiguration(configuration, directory);
        var second = MasterKey.FromConfiguration(configuration, directory);

        var path = Path.Combine(directory, "keys", "master.key");
        Assert.That(second.Id.ToArray(), Is.EqualTo(first.Id.ToArray()));
        Assert.That(Convert.FromBase64String(File.ReadAllText(path).Trim()), Has.Length.EqualTo(32));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Has.Length.EqualTo(1), "no draft is left behind");
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    });

    [Test]
    public void Takes_the_configured_path() => InTemporaryDirectory(directory =>
    {
        var path = Path.Combine(directory, "elsewhere", "k");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Encryption:KeyFile", path)]).Build();

        MasterKey.FromConfiguration(configuration, directory);

        Assert.That(File.Exists(path));
    });

    [Test]
    public void Nodes_that_start_at_once_agree_on_one_key() => InTemporaryDirectory(directory =>
    {
        for (var round = 0; round < 20; round++)
        {
            var path = Path.Combine(directory, round.ToString(), "master.key");
            using var gate = new Barrier(8);
            var ids = new byte[8][];
            var nodes = Enumerable.Range(0, 8).Select(node => new Thread(() =>
            {
                gate.SignalAndWait();
                ids[node] = MasterKey.LoadOrCreate(path).Id.ToArray();
            })).ToArray();
            Array.ForEach(nodes, node => node.Start());
            Array.ForEach(nodes, node => node.Join());

            Assert.That(ids.Select(Convert.ToHexString).Distinct().Count(), Is.EqualTo(1));
        }
    });

    [TestCase("")]
    [TestCase("not base64 at all!")]
    [TestCase("AAECAwQFBgcICQoLDA0ODw==")]
    [TestCase("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g")]
    public void Stops_the_start_when_the_file_holds_no_key(string content) => InTemporaryDirectory(directory =>
    {
        var path = Path.Combine(directory, "master.key");
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.That(() => MasterKey.LoadOrCreate(path), Throws.TypeOf<StartException>().With.Message.StartsWith($"The encryption key file {path} does not hold 32 bytes"));
        Assert.That(File.ReadAllText(path), Is.EqualTo(content), "a damaged key is never replaced");
    });

    [Test]
    [Platform(Exclude = "Win")]
    public void Stops_the_start_when_others_may_use_the_file(
        [Values(UnixFileMode.GroupRead, UnixFileMode.OtherRead, UnixFileMode.GroupWrite, UnixFileMode.OtherWrite)] UnixFileMode extra) => InTemporaryDirectory(directory =>
    {
        var path = Path.Combine(directory, "master.key");
        MasterKey.LoadOrCreate(path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | extra);

        Assert.That(() => MasterKey.LoadOrCreate(path), Throws.TypeOf<StartException>().With.Message.EndsWith("run chmod 600 on it."));
    });

    [Test]
    public void Says_what_is_wrong_when_the_path_cannot_be_used() => InTemporaryDirectory(directory =>
    {
        var file = Path.Combine(directory, "file");
        File.WriteAllText(file, "");

        Assert.That(() => MasterKey.LoadOrCreate(Path.Combine(file, "master.key")), Throws.TypeOf<StartException>().With.Message.Contains("cannot be read or made"));
    });

    static void InTemporaryDirectory(Action<string> test)
    {
        var directory = Directory.CreateTempSubdirectory("agentplatform-keys-");
        try
        {
            test(directory.FullName);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
