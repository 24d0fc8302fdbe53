namespace AgentPlatform.Application.Execution;

/// <summary>One event of a stream.</summary>
/// <param name="Id">Where a reader that comes back with it goes on; null leaves its place as it is.</param>
/// <param name="Name">Null for a mere sign of life that moves the reader's place on.</param>
/// <param name="Data">One line of JSON.</param>
public sealed record ServerEvent(string? Id, string? Name, string? Data);
