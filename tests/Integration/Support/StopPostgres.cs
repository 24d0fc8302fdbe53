namespace AgentPlatform.Integration;

/// <summary>In the namespace above all tests: runs when the last of them has ended.</summary>
[SetUpFixture]
public sealed class StopPostgres
{
    [OneTimeTearDown]
    public async Task Stop()
    {
        await Integrations.Mcp.McpPeers.Stop();
        await Support.TestApp.StopShared();
        await Shared.WebAppSite.Stop();
        await Support.PostgresFixture.Stop();
        await Support.RabbitFixture.Stop();
    }
}
