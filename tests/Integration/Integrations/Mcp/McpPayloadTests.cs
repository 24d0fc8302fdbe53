using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentPlatform.Infrastructure.Integrations.Mcp;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>Strings that became commands elsewhere (Flowise, LibreChat, Cursor and their kin): here none starts a process, wherever a tenant puts it.</summary>
[NonParallelizable]
public sealed class McpPayloadTests
{
    /// <summary>Commands, arguments and environments as they were used.</summary>
    static readonly string[] Words =
    [
        "/bin/sh", "sh", "bash -c id", "/usr/bin/env node", "../../../bin/sh", "node", "npx -y evil", "npx --yes -c id", "uvx evil", "python3 -c 'import os'", "docker run -v /:/h alpine",
        "; id", "&& id", "| id", "|| id", "& id", "$(id)", "`id`", "${IFS}id", "$IFS$9id", "\nid", "\r\nid", "a\0b", "%0aid", "{id}", "{workdir}", "{word}", "${word}", "$1", "\"$@\"",
        "-c", "--eval=process.exit()", "-e", "--require=/tmp/x.js", "--inspect=0.0.0.0:9229", "--experimental-loader=data:text/javascript,0", "-y", "--yes", "--", "-",
        "LD_PRELOAD=/tmp/x.so", "NODE_OPTIONS=--require=/tmp/x.js", "PATH=/tmp", "PYTHONSTARTUP=/tmp/x.py", "BASH_ENV=/tmp/x", "IFS=x", "HOME=/root",
        "/proc/self/exe", "/proc/1/environ", "file:///bin/sh", "\\\\host\\share\\x.exe", "C:\\Windows\\System32\\cmd.exe", "cmd.exe /c id", "powershell -enc AAAA",
        "../everything", "everything/../shell", "everything\0shell", "Everything", "everything ", " everything", "everything;id", "shell --login", "ｓhell",
    ];

    [Test]
    public void There_are_at_least_sixty() => Assert.That(Words.Distinct().Count(), Is.GreaterThanOrEqualTo(60));

    [TestCaseSource(nameof(Words))]
    public async Task Starts_nothing(string payload)
    {
        var app = await McpPeers.App();
        var tenant = await Quiet.Value();
        var launcher = app.Services.GetRequiredService<McpLauncher>();
        var before = launcher.Started;
        foreach (var (method, path, body) in Places(payload))
        {
            using var request = new HttpRequestMessage(method, path) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
            using var answer = await tenant.Http.SendAsync(request);
            Assert.That((int)answer.StatusCode, Is.InRange(400, 499), $"{method} {path} {JsonSerializer.Serialize(body)}: {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.That(launcher.Started, Is.EqualTo(before));
    }

    /// <summary>Every place where an MCP server's command, argument, variable or address could be said.</summary>
    static IEnumerable<(HttpMethod Method, string Path, object Body)> Places(string payload)
    {
        var servers = "/v1/mcp-servers";
        yield return (HttpMethod.Post, servers, new { slug = "p", name = "P", transport = "stdio", catalogue = payload });
        yield return (HttpMethod.Post, servers, new { slug = "p", name = "P", transport = "stdio", command = payload });
        yield return (HttpMethod.Post, servers, new { slug = "p", name = "P", transport = "stdio", catalogue = "everything", command = payload });
        yield return (HttpMethod.Post, servers, new { slug = "p", name = "P", transport = "stdio", catalogue = "everything", args = new[] { payload } });
        yield return (HttpMethod.Post, servers, new { slug = "p", name = "P", transport = "stdio", catalogue = "everything", env = new { X = payload } });
        yield return (HttpMethod.Post, servers, new { slug = "p", name = "P", transport = payload, catalogue = "everything" });
        yield return (HttpMethod.Post, servers, new { slug = payload, name = "P", transport = "stdio", catalogue = "none" });
        yield return (HttpMethod.Post, servers, new { slug = "p", name = "P", transport = "http", url = payload });
        yield return (HttpMethod.Put, $"{servers}/quiet/config", new { values = new { word = payload + "!" } });
        yield return (HttpMethod.Put, $"{servers}/quiet/config", new { values = new Dictionary<string, string> { ["word"] = "fine", [payload] = "x" } });
        yield return (HttpMethod.Put, $"{servers}/quiet/config", new { values = new { word = "fine" }, command = payload });
        yield return (HttpMethod.Put, $"{servers}/quiet/config", new { values = new { word = "fine" }, args = new[] { payload } });
        yield return (HttpMethod.Put, $"{servers}/quiet/config", new { values = new { word = "fine" }, env = new { NODE_OPTIONS = payload } });
        yield return (HttpMethod.Put, $"{servers}/quiet/config", new { values = new { word = "fine" }, headers = new Dictionary<string, string> { ["X"] = payload } });
        yield return (HttpMethod.Post, "/v1/skills/quiet-skill/versions", new { spec = new { server = "quiet", tool = "t", command = payload } });
        yield return (HttpMethod.Post, $"{servers}/quiet/tools/{Uri.EscapeDataString(payload.Replace("\0", "0", StringComparison.Ordinal).Replace("/", "_", StringComparison.Ordinal))}/call", new { arguments = new { } });
        yield return (HttpMethod.Post, $"{servers}/quiet/tools/t/call", new { arguments = new { command = payload } });
    }

    static readonly Once<TestTenant> Quiet = new(async () =>
    {
        var tenant = await (await McpPeers.App()).Tenant();
        using var registered = await tenant.Http.PostAsJsonAsync("/v1/mcp-servers", new { slug = "quiet", name = "Quiet", transport = "stdio", catalogue = "shell" });
        await registered.Json(201);
        using var skill = await tenant.Http.PostAsJsonAsync("/v1/skills", new { slug = "quiet-skill", name = "Quiet", type = "mcp", category = "integration" });
        await skill.Json(201);
        return tenant;
    });
}
