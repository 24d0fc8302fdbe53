namespace AgentPlatform.Infrastructure.Execution.Dispatch;

/// <summary>The message broker cannot be used: it refused, went away, or did not answer in time. Nothing is lost by it.</summary>
sealed class BrokerException(string message, Exception? inner = null) : Exception(message, inner);
