using AgentPlatform.Browser.Support;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Browser;

/// <summary>In the namespace above all tests: runs when the last of them has ended.</summary>
[SetUpFixture]
public sealed class StopEverything
{
    [OneTimeTearDown]
    public async Task Stop()
    {
        await Chromium.Stop();
        await Site.Stop();
        await PostgresFixture.Stop();
    }
}
