using System.Diagnostics;
using System.Text.Json;
using AgentPlatform.Infrastructure.Integrations.Mcp;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>The reference servers as processes of the operator's catalogue, and what such a process may not do.</summary>
[NonParallelizable]
public sealed class McpStdioTests
{
    [Test]
    public async Task The_everything_server_answers_as_a_process()
    {
        var tenant = await (await McpPeers.App()).Tenant();
        var server = await tenant.Http.RegisterFromCatalogue("everything");
        await tenant.Http.AcceptAll(server);
        Assert.That(await tenant.Http.Text(server, "echo", new { message = "hello" }), Does.Contain("hello"));
        using var sum = await tenant.Http.CallTool(server, "get-sum", new { a = 2, b = 3 });
        Assert.That((await sum.Json(200)).GetProperty("text").GetString(), Does.Contain('5'));
        using var image = await tenant.Http.CallTool(server, "get-tiny-image");
        Assert.That((await image.Json(200)).GetProperty("content").EnumerateArray().Select(block => block.GetProperty("type").GetString()), Does.Contain("image"));
        using var structured = await tenant.Http.CallTool(server, "get-structured-content", new { location = "New York" });
        Assert.That((await structured.Json(200)).GetProperty("structured").ValueKind, Is.EqualTo(JsonValueKind.Object));
        // We offer no models, no directories and no forms, so it does not even list the tools that would ask for them.
        Assert.That((await tenant.Http.Tools(server)).Keys.Where(name => name.Contains("sampling", StringComparison.Ordinal) || name.Contains("roots", StringComparison.Ordinal) || name.Contains("elicitation", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("everything", 8)]
    [TestCase("filesystem", 10)]
    [TestCase("memory", 8)]
    public async Task Every_tool_of_a_reference_server_answers_or_says_what_is_wrong_with_its_arguments(string catalogue, int atLeast)
    {
        var tenant = await (await McpPeers.App()).Tenant();
        var server = await tenant.Http.RegisterFromCatalogue(catalogue);
        await tenant.Http.AcceptAll(server);
        var tools = await tenant.Http.Tools(server);
        Assert.That(tools, Has.Count.AtLeast(atLeast));
        foreach (var name in tools.Keys.Where(name => !name.Contains("long-running", StringComparison.Ordinal)))
        {
            using var answer = await tenant.Http.CallTool(server, name);
            Assert.That((int)answer.StatusCode, Is.AnyOf(200, 422), $"{name}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    [Test]
    public async Task The_filesystem_server_sees_its_own_directory_and_not_the_machines()
    {
        var tenant = await (await McpPeers.App()).Tenant();
        var server = await tenant.Http.RegisterFromCatalogue("filesystem");
        await tenant.Http.AcceptAll(server);
        using (var written = await tenant.Http.CallTool(server, "write_file", new { path = "/tmp/note.txt", content = "mine" }))
        {
            Assert.That((await written.Json(200)).GetProperty("is_error").GetBoolean(), Is.False);
        }

        Assert.That(await tenant.Http.Text(server, "read_text_file", new { path = "/tmp/note.txt" }), Is.EqualTo("mine"));
        using var outside = await tenant.Http.CallTool(server, "read_text_file", new { path = "/etc/passwd" });
        Assert.That((await outside.Json(200)).GetProperty("is_error").GetBoolean(), Is.True);

        // Another tenant has another directory and another user, under the same name.
        var other = await (await McpPeers.App()).Tenant();
        var theirs = await other.Http.RegisterFromCatalogue("filesystem");
        await other.Http.AcceptAll(theirs);
        Assert.That(await other.Http.Text(theirs, "list_directory", new { path = "/tmp" }), Does.Not.Contain("note.txt"));
        Assert.That(File.Exists("/tmp/note.txt"), Is.False);
    }

    [Test]
    public async Task The_memory_server_keeps_what_it_was_told_over_a_restart()
    {
        var app = await McpPeers.App();
        var tenant = await app.Tenant();
        var server = await tenant.Http.RegisterFromCatalogue("memory");
        await tenant.Http.AcceptAll(server);
        using (var told = await tenant.Http.CallTool(server, "create_entities", new { entities = new[] { new { name = "Olive", entityType = "person", observations = new[] { "owns it" } } } }))
        {
            Assert.That((await told.Json(200)).GetProperty("is_error").GetBoolean(), Is.False);
        }

        // Another configuration, another process.
        await tenant.Http.Configure(server, new { limits = new { timeout_ms = 20_000 } });
        Assert.That(await tenant.Http.Text(server, "read_graph"), Does.Contain("Olive"));
    }

    [Test]
    public async Task A_process_has_its_values_its_own_user_no_network_and_nothing_of_our_environment()
    {
        Environment.SetEnvironmentVariable("AGENTPLATFORM_CANARY", "canary");
        var tenant = await (await McpPeers.App()).Tenant();
        var server = await tenant.Http.RegisterFromCatalogue("shell", new { word = "two words" });
        using var answer = await tenant.Http.PostAsync($"/v1/mcp-servers/{server}/refresh", null);
        // cat sends our own words back to us, which is no answer.
        Assert.That((int)answer.StatusCode, Is.EqualTo(409).Or.EqualTo(503));

        var (code, output) = await McpModules.Run("/usr/bin/setsid", [.. Line("id; env; cat /proc/net/dev; ls /proc | grep -c '^[0-9]'; kill -0 " + Environment.ProcessId + " && echo reached")], "/");
        Assert.That(code, Is.AnyOf(0, 1), output);
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Not.Contain("uid=0"));
            Assert.That(output, Does.Not.Contain("canary"));
            Assert.That(output, Does.Not.Contain("eth0"));
            Assert.That(output, Does.Not.Contain("reached"));
            Assert.That(output, Does.Contain("HOME=/tmp"));
        });
    }

    [Test]
    public async Task A_server_that_does_not_stop_is_ended_with_all_its_children()
    {
        var app = await McpPeers.Impatient();
        var tenant = await app.Tenant();
        var server = await tenant.Http.RegisterFromCatalogue("deaf");
        for (var i = 0; i < 5; i++)
        {
            using var answer = await tenant.Http.PostAsync($"/v1/mcp-servers/{server}/refresh", null);
            await answer.Problem(503, "mcp_no_answer");
            await Eventually.Holds(() => Task.FromResult(!McpPeers.Processes("trap '' TERM HUP INT").Any()));
        }
    }

    [Test]
    public async Task Servers_that_crash_again_and_again_leave_nothing_behind()
    {
        var app = await McpPeers.App();
        var tenant = await app.Tenant();
        var server = await tenant.Http.RegisterFromCatalogue("fragile");
        var codes = new HashSet<string?>();
        for (var i = 0; i < 100; i++)
        {
            using var answer = await tenant.Http.PostAsync($"/v1/mcp-servers/{server}/refresh", null);
            codes.Add((await answer.Json((int)answer.StatusCode)).GetProperty("code").GetString());
        }

        await Eventually.Holds(() => Task.FromResult(!McpPeers.Processes("while : fragile").Any()));
        TestContext.Out.WriteLine(string.Join(", ", codes));
        // Whichever is noticed first: that it has ended, or that its answer has.
        Assert.That(codes, Is.SubsetOf(new[] { "mcp_server_exited", "mcp_broken_answer" }));
    }

    [Test]
    public async Task A_server_that_talks_without_end_is_cut_off()
    {
        var tenant = await (await McpPeers.App()).Tenant();
        var server = await tenant.Http.RegisterFromCatalogue("loud");
        using var answer = await tenant.Http.PostAsync($"/v1/mcp-servers/{server}/refresh", null);
        await answer.Problem(409, "mcp_answer_too_large");
        await Eventually.Holds(() => Task.FromResult(!McpPeers.Processes("setInterval").Any()));
    }

    [Test]
    public async Task A_program_that_stops_takes_its_servers_along()
    {
        var tenant = await (await McpPeers.App()).Tenant();
        var server = await tenant.Http.RegisterFromCatalogue("memory");
        await tenant.Http.Refresh(server);
        var sessions = (await McpPeers.App()).Services.GetRequiredService<McpSessions>();
        Assert.That(sessions.Count, Is.Positive);
        var watch = Stopwatch.StartNew();
        await sessions.CloseAll();
        TestContext.Out.WriteLine($"closed after {watch.ElapsedMilliseconds} ms");
        Assert.That(sessions.Count, Is.Zero);
        await Eventually.Holds(() => Task.FromResult(!McpPeers.Processes("server-memory").Any()));
    }

    static IEnumerable<string> Line(string script)
    {
        var entry = new Domain.Integrations.Mcp.McpCatalogueEntry("probe", "Probe", null, "/bin/sh", ["-c", script], new Dictionary<string, string>(), new Dictionary<string, Domain.Integrations.Mcp.McpValue>(), HasNetwork: false, 256L * 1024 * 1024);
        var start = McpSandbox.Wrap(entry, Guid.CreateVersion7(), Guid.CreateVersion7(), Directory.CreateTempSubdirectory("agentplatform-mcp-probe-").FullName, new Dictionary<string, string>());
        return ["env", "-i", .. start.Environment.Select(pair => $"{pair.Key}={pair.Value}"), .. start.ArgumentList];
    }
}
