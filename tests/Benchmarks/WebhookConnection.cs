using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// One keep-alive HTTP/1.1 connection that signs and sends deliveries as a sender would. Written on a bare socket, because the load
/// generator shares two cores with what it measures.
/// </summary>
sealed class WebhookConnection : IDisposable
{
    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] received = new byte[16 * 1024];
    readonly string head;
    readonly byte[] key;
    readonly string name;
    int sent;

    public WebhookConnection(Target target, string name, bool wait)
    {
        this.name = name;
        key = target.Key;
        head = $"POST {target.Path}{(wait ? "?wait=true" : "")} HTTP/1.1\r\nHost: {target.Address.Authority}\r\nContent-Type: application/json\r\n";
        socket.Connect(target.Address.Host, target.Address.Port);
    }

    /// <summary>Sends one delivery with an id of its own.</summary>
    /// <returns>The answer's status.</returns>
    public Task<int> Send(CancellationToken ct) => Send($"{name}-{sent++}", ct);

    public async Task<int> Send(string id, CancellationToken ct)
    {
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var body = $$$"""{"id":"{{{id}}}","title":"Disk is almost full","amount":{{{sent}}},"user":{"name":"Ada","plan":"pro"}}""";
        var mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
        var request = Encoding.UTF8.GetBytes(
            $"{head}webhook-id: {id}\r\nwebhook-timestamp: {timestamp}\r\nwebhook-signature: v1,{Convert.ToBase64String(mac)}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await socket.SendAsync(request, ct);
        return await ReadAnswer(ct);
    }

    /// <summary>As <see cref="Send(string, CancellationToken)"/>, with the run that the answer names.</summary>
    public async Task<(int Status, Guid? RunId)> Deliver(string id, CancellationToken ct)
    {
        received.AsSpan().Clear();
        var status = await Send(id, ct);
        var marker = "\"run_id\":\""u8;
        var at = received.AsSpan().IndexOf(marker);
        return (status, at >= 0 && Utf8Parser.TryParse(received.AsSpan(at + marker.Length), out Guid run, out _) ? run : null);
    }

    public void Dispose() => socket.Dispose();

    async Task<int> ReadAnswer(CancellationToken ct)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(received.AsMemory(length), ct);
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            length += read;
            if (IsComplete(received.AsSpan(0, length)))
            {
                return Utf8Parser.TryParse(received.AsSpan(9, 3), out int status, out _) ? status : throw new IOException("Not an HTTP answer.");
            }
        }
    }

    static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var headers = answer[..end];
        var marker = "Content-Length: "u8;
        var at = headers.IndexOf(marker);
        return at >= 0 && Utf8Parser.TryParse(headers[(at + marker.Length)..], out int announced, out _)
            ? answer.Length >= end + 4 + announced
            : answer.EndsWith("0\r\n\r\n"u8);
    }
}

/// <param name="Path">Path of the webhook's address.</param>
/// <param name="Key">The signing key, decoded.</param>
sealed record Target(Uri Address, string Path, byte[] Key);
