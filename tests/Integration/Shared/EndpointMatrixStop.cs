namespace AgentPlatform.Integration.Shared;

/// <summary>Ends the program that the matrices had to themselves, before the database goes.</summary>
[SetUpFixture]
public sealed class EndpointMatrixStop
{
    [OneTimeTearDown]
    public async Task Stop() => await EndpointMatrixWorld.Stop();
}
