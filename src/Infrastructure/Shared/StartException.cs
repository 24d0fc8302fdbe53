namespace AgentPlatform.Infrastructure.Shared;

/// <summary>The program cannot start as it is configured. The message is one sentence that names the setting and what it takes.</summary>
public sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
