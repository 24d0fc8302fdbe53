namespace AgentPlatform.Integration.Integrations.Mcp.Conformance;

/// <summary>The protocol's own conformance suite (<c>@modelcontextprotocol/conformance</c>), one scenario a run.</summary>
static class ConformanceSuite
{
    public const string Latest = "2026-07-28";

    /// <summary>The last revision with a handshake.</summary>
    public const string Former = "2025-11-25";

    public static Task Server(string url, string scenario, string? revision, params string[] excused) =>
        Pass("server", ["--url", url, "--scenario", scenario, .. revision is null ? (string[])[] : ["--spec-version", revision]], scenario, excused);

    public static Task Client(string command, string scenario, string? revision, params string[] excused) =>
        Pass("client", ["--command", command, "--scenario", scenario, .. revision is null ? (string[])[] : ["--spec-version", revision]], scenario, excused);

    /// <param name="excused">Checks of the scenario that must fail: a check that passes all the same fails the test.</param>
    static async Task Pass(string mode, string[] arguments, string scenario, string[] excused)
    {
        var folder = Directory.CreateTempSubdirectory("agentplatform-conformance-").FullName;
        var baseline = Path.Combine(folder, "expected.yml");
        await File.WriteAllLinesAsync(baseline, excused.Length == 0 ? ["server: []", "client: []"] : [$"{mode}:", .. excused.Select(check => $"  - {scenario}:{check}")]);
        var suite = Path.Combine(await McpModules.Installed(), "@modelcontextprotocol/conformance/dist/index.js");
        var (code, output) = await McpModules.Run(await McpModules.Node22(), [suite, mode, .. arguments, "--expected-failures", baseline], folder);
        TestContext.Out.WriteLine(output);
        Assert.That(code, Is.Zero, output);
        Directory.Delete(folder, recursive: true);
    }
}
