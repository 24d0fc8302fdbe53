namespace AgentPlatform.Integration.Execution.Tools;

/// <summary>The program that the fixtures here share ends with the last of them.</summary>
[SetUpFixture]
public sealed class ScriptedModelsStop
{
    [OneTimeTearDown]
    public static Task Stop() => ScriptedModels.Stop();
}
