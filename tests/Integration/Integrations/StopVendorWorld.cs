namespace AgentPlatform.Integration.Integrations;

/// <summary>Ends what the tests of this namespace share.</summary>
[SetUpFixture]
public sealed class StopVendorWorld
{
    [OneTimeTearDown]
    public Task Stop() => VendorWorld.Stop();
}
