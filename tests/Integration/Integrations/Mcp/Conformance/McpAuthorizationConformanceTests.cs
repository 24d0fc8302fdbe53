using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations.Mcp.Conformance;

/// <summary>
/// The suite's scenarios of authorization, with the platform as the client: it finds out where a person consents, registers itself or uses a client that was registered by hand, and a browser goes
/// the person's way. Left out: clients that act without a person (an extension), and the draft in which the enterprise decides.
/// </summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class McpAuthorizationConformanceTests
{
    TestApp app = null!;

    [OneTimeSetUp]
    public async Task Start() => app = await TestApp.Start(new Dictionary<string, string?> { ["Egress:Allow"] = "127.0.0.0/8,localhost" });

    [OneTimeTearDown]
    public ValueTask Stop() => app?.DisposeAsync() ?? default;

    [TestCase("auth/metadata-default")]
    [TestCase("auth/metadata-var1")]
    [TestCase("auth/metadata-var2")]
    [TestCase("auth/metadata-var3")]
    [TestCase("auth/scope-from-www-authenticate")]
    [TestCase("auth/scope-from-scopes-supported")]
    [TestCase("auth/scope-omitted-when-undefined")]
    [TestCase("auth/scope-step-up")]
    [TestCase("auth/scope-retry-limit")]
    [TestCase("auth/token-endpoint-auth-basic")]
    [TestCase("auth/token-endpoint-auth-post")]
    [TestCase("auth/token-endpoint-auth-none")]
    [TestCase("auth/pre-registration")]
    [TestCase("auth/resource-mismatch")]
    [TestCase("auth/2025-03-26-oauth-metadata-backcompat")]
    [TestCase("auth/2025-03-26-oauth-endpoint-fallback")]
    public async Task Lets_a_person_consent(string scenario, params string[] excused)
    {
        await using var client = await ConformanceClient.Start(await app.Tenant(), asksPeople: true);
        await ConformanceSuite.Client(await client.Command(), scenario, revision: null, excused);
    }
}
