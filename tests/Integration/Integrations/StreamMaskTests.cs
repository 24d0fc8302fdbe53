using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Integration.Agents;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Secrets that come back in the middle of a run: to whoever watches it, and into the log.</summary>
public sealed class StreamMaskTests
{
    const string Broken = """
        select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
        insert into agents.skills (tenant_id, id, slug, name, type, category)
        values ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000f0002', 'broken', 'Broken', 'builtin', 'utility');
        insert into agents.skill_versions (tenant_id, id, skill_id, semantic_version, input_schema, changelog)
        values ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000f0102', '01900000-0000-7000-8000-0000000f0002', '1.0.0', '{ "type": "object" }', 'Test.');
        """;

    [TestCase("")]
    [TestCase(""", "tools": ["hash"]""")]
    public async Task Whoever_watches_a_model_repeat_its_key_piece_by_piece_sees_none_of_it(string more)
    {
        await using var vendor = await FakeVendor.Streaming(
            [.. $"The key is {VendorWorld.Key}, and in base64 {Convert.ToBase64String(Encoding.UTF8.GetBytes(VendorWorld.Key))}, no more.".Chunk(5).Select(piece => Delta(new string(piece))),
                """data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":30}}""", "data: [DONE]"]);
        await using var peer = await Peer.Holding();
        var tenant = await VendorWorld.Tenant(vendor, "openai");
        var graph = $$"""
            { "nodes": [{ "id": "hold", "skill": "http_request", "with": { "url": "{{peer.Url}}" } }, { "id": "say", "skill": "llm", "with": { "model": "openai/gpt-6-luna", "prompt": "Which key?"{{more}} } }],
              "edges": [{ "from": "hold", "to": "say" }], "output": "=say.text" }
            """;
        var run = await tenant.Http.Start(await Runs.Agent(tenant.Http, graph));
        await peer.Arrival();
        using var events = await tenant.Http.GetAsync($"/v1/runs/{run}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        Assert.That(await reader.ReadLineAsync(), Is.EqualTo("id: 1.1"), "Watched from here on.");
        peer.Gate.SetResult();
        var stream = await reader.ReadToEndAsync();

        var told = string.Concat(stream.Split("\n\n").Where(block => block.StartsWith("event: token\n", StringComparison.Ordinal)).Select(block => JsonElement.Parse(block["event: token\ndata: ".Length..]).Text("text")));
        Assert.That(told, Is.EqualTo("The key is ***, and in base64 ***, no more."));
        Assert.That(stream, Does.Not.Contain(VendorWorld.Key).And.Not.Contain(VendorWorld.Key[8..30]));
    }

    [Test]
    public async Task What_breaks_with_a_secret_in_its_hands_tells_the_log_nothing_of_it()
    {
        var logs = new Logs();
        await using var app = await TestApp.Start(services: services => services
            .AddLogging(logging => logging.AddProvider(logs))
            .AddSingleton<ISkillRunner>(provider => new BrokenSkill(provider.GetRequiredService<ICredentials>())));
        await Sql.Execute(app.Database.Owner, Broken);
        var tenant = await app.Tenant();
        var secret = Credentials.Random();
        await tenant.Http.Credential(new { name = "crm", auth_type = "bearer_token", secret = new { token = secret }, allowed_hosts = new[] { "example.com" } });
        var run = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "call", "skill": "broken", "credential": "crm" }] }""");
        Assert.That(run.GetProperty("error").Text("code"), Is.EqualTo("skill_broken"), run.GetRawText());
        Assert.That(logs.ToString(), Does.Contain("Not a header: ***").And.Contain("BrokenSkill").And.Not.Contain(secret));
    }

    static string Delta(string text) => $$$$"""data: {"choices":[{"delta":{"content":{{{{JsonSerializer.Serialize(text)}}}}}}]}""";

    sealed class BrokenSkill(ICredentials credentials) : IEffectfulSkill
    {
        public string Handles => "builtin/broken";

        public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
        {
            var found = await credentials.Find(new CredentialQuery(call.TenantId, call.Node.Credential), ct);
            throw new FormatException($"Not a header: {found.Secret!.Value}", new InvalidOperationException(found.Secret.Value));
        }
    }

    sealed class Logs : ILoggerProvider, ILogger
    {
        readonly ConcurrentQueue<string> lines = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // The lines are read when everything is over.
        }

        public override string ToString() => string.Join('\n', lines);
    }
}
