namespace AgentPlatform.Integration;

/// <summary>In the namespace above all tests: runs when the last of them has ended.</summary>
[SetUpFixture]
public sealed class StopPostgres
{
    [OneTimeTearDown]
    public Task Stop() => Support.PostgresFixture.Stop();
}
