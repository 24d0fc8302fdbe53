namespace AgentPlatform.Integration.Integrations.Mcp.Conformance;

/// <summary>
/// The platform as the suite's client: every scenario about tools. Left out: elicitation and requests for input, which nobody is offered here, event streams that are taken
/// up again, which a call does not need, and authorization by the protocol's own discovery, in the place of which a tenant gives a credential.
/// </summary>
public sealed class McpClientConformanceTests
{
    [TestCase("initialize", ConformanceSuite.Former)]
    [TestCase("tools_call", ConformanceSuite.Former)]
    [TestCase("tools_call", ConformanceSuite.Latest)]
    [TestCase("json-schema-2020-12-preservation", ConformanceSuite.Former)]
    [TestCase("json-schema-2020-12-preservation", ConformanceSuite.Latest)]
    [TestCase("json-schema-ref-no-deref", ConformanceSuite.Latest)]
    [TestCase("request-metadata", ConformanceSuite.Latest)]
    [TestCase("http-standard-headers", ConformanceSuite.Latest)]
    [TestCase("http-custom-headers", ConformanceSuite.Latest)]
    [TestCase("http-invalid-tool-headers", ConformanceSuite.Latest)]
    public async Task Asks_as_the_revision_wants(string scenario, string revision, params string[] excused)
    {
        await using var client = await ConformanceClient.Start();
        await ConformanceSuite.Client(await client.Command(), scenario, revision, excused);
    }
}
