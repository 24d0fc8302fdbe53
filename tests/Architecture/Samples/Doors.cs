using System.Net;
using System.Net.Sockets;
using MailKit.Net.Smtp;
using ModelContextProtocol.Client;

#pragma warning disable MA0048, IDE0130 // One file holds the whole sample, in a namespace of its own.
namespace AgentPlatform.Sample.Doors;

static class MakesClient
{
    public static HttpClient Make() => new();
}

static class DialsInLambda
{
    public static Func<Task> Make(IPEndPoint to) => async () =>
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to);
    };
}

static class ResolvesInAsync
{
    public static async Task<int> Count(string host) => (await Dns.GetHostAddressesAsync(host)).Length;
}

sealed class KeepsHandler
{
    public HttpClientHandler? Handler { get; init; }
}

static class ConnectsMail
{
    public static Task Connect(SmtpClient client) => client.ConnectAsync("mail.example.com", 587);
}

static class MakesTransport
{
    public static HttpClientTransport Make() => new(new HttpClientTransportOptions { Endpoint = new Uri("https://mcp.example.com/") });
}

static class Allowed
{
    public static async Task<HttpResponseMessage> Call(HttpClient given) => await given.GetAsync(new Uri("https://example.com/"));

    public static HttpClientTransport Transport(HttpClient given) => new(new HttpClientTransportOptions { Endpoint = new Uri("https://mcp.example.com/") }, given);

    public static Task Mail(SmtpClient client, Stream given) => client.ConnectAsync(given, "mail.example.com", 587);
}
