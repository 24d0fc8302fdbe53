using System.Net;
using System.Net.Sockets;

namespace AgentPlatform.Unit.Shared.Egress;

/// <summary>A listener on the loopback that counts who comes. Whoever does, got past the guard.</summary>
sealed class Sentinel : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Sentinel() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Accepted or waiting: a connection that was made shows here before the caller could have returned.</summary>
    public bool WasReached => _listener.Pending();

    public void Dispose() => _listener.Dispose();
}
