namespace AgentPlatform.Integration.Integrations.Mcp.Conformance;

/// <summary>
/// Every scenario of the suite that asks for something that the platform offers. Left out: prompts, resources, completion, logging, sampling and elicitation during a call,
/// images and audio as results (an agent answers with JSON), and sessions, which the platform does not have.
/// </summary>
public sealed class McpServerConformanceTests
{
    [TestCase("server-initialize", ConformanceSuite.Former)]
    [TestCase("ping", ConformanceSuite.Former)]
    [TestCase("tools-list", ConformanceSuite.Former)]
    [TestCase("tools-call-simple-text", ConformanceSuite.Former)]
    [TestCase("tools-call-error", ConformanceSuite.Former)]
    [TestCase("tools-call-with-progress", ConformanceSuite.Former)]
    [TestCase("json-schema-2020-12", ConformanceSuite.Former)]
    [TestCase("dns-rebinding-protection", ConformanceSuite.Former)]
    // No tool of ours needs anything of the client.
    [TestCase("server-stateless", ConformanceSuite.Latest, "sep-2575-server-rejects-undeclared-capability", "sep-2575-missing-capability-http-400")]
    [TestCase("tools-list", ConformanceSuite.Latest)]
    [TestCase("tools-call-simple-text", ConformanceSuite.Latest)]
    [TestCase("tools-call-error", ConformanceSuite.Latest)]
    [TestCase("tools-call-with-progress", ConformanceSuite.Latest)]
    [TestCase("json-schema-2020-12", ConformanceSuite.Latest)]
    [TestCase("server-sse-multiple-streams", ConformanceSuite.Latest)]
    [TestCase("dns-rebinding-protection", ConformanceSuite.Latest)]
    // There are no prompts and resources to cache.
    [TestCase("caching", ConformanceSuite.Latest, "sep-2549-prompts-list-caching-hints", "sep-2549-resources-list-caching-hints", "sep-2549-resources-templates-list-caching-hints")]
    [TestCase("http-header-validation", ConformanceSuite.Latest)]
    [TestCase("http-custom-header-server-validation", ConformanceSuite.Latest)]
    public async Task Answers_as_the_revision_asks(string scenario, string revision, params string[] excused) =>
        await ConformanceSuite.Server((await ConformanceServer.Shared()).Url, scenario, revision, excused);

    [TestCase("tasks-capability-negotiation")]
    [TestCase("tasks-wire-fields")]
    [TestCase("tasks-request-state-removal")]
    [TestCase("tasks-mrtr-input")]
    [TestCase("tasks-request-headers")]
    [TestCase("tasks-dispatch-and-envelope")]
    // A run that fails is a tool's error, and a task is nothing but a run: none ever ends as the protocol's own failure.
    [TestCase("tasks-lifecycle", "sep-2663-tasks-get-status-failed")]
    public async Task Long_calls_are_tasks(string scenario, params string[] excused) =>
        await ConformanceSuite.Server((await ConformanceServer.Shared()).Url, scenario, revision: null, excused);
}
