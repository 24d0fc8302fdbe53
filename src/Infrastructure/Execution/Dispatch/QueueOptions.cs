using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Execution.Dispatch;

/// <param name="Broker">Where RabbitMQ is (<c>Queue__Url</c>); null when the database dispatches (<c>Queue__Kind=postgres</c>). It holds a password.</param>
/// <param name="Name">Of the quorum queue (<c>Queue__Name</c>); one for each database.</param>
/// <param name="Again">A run that was announced that long ago and still waits is announced again (<c>Queue__AnnounceAgainSeconds</c>).</param>
/// <param name="Patience">How long the broker may not answer before nodes take from the database themselves (<c>Queue__FallbackSeconds</c>).</param>
sealed record QueueOptions(Uri? Broker, string Name, TimeSpan Again, TimeSpan Patience)
{
    public static QueueOptions From(IConfiguration configuration) => new(
        configuration["Queue:Kind"] switch
        {
            null or "" or "postgres" => null,
            "rabbitmq" => Url(configuration["Queue:Url"]),
            var text => throw new StartException($"Queue__Kind is {text}; it takes postgres or rabbitmq."),
        },
        configuration["Queue:Name"] switch
        {
            null or "" => "agentplatform.runs",
            { Length: <= 128 } name => name,
            _ => throw new StartException("Queue__Name takes at most 128 characters."),
        },
        TimeSpan.FromSeconds(EngineOptions.Number(configuration, "Queue:AnnounceAgainSeconds", 10, 1, 3600)),
        TimeSpan.FromSeconds(EngineOptions.Number(configuration, "Queue:FallbackSeconds", 5, 1, 300)));

    /// <summary>What is wrong is said without the text: it may hold a password.</summary>
    static Uri Url(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "amqp" or "amqps" && url.Host.Length > 0
        ? url
        : throw new StartException("Queue__Url takes the broker's address, such as amqp://user:password@broker:5672/vhost or amqps://…, when Queue__Kind is rabbitmq.");
}
