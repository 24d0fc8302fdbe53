using System.ComponentModel;
using System.Reflection;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared.Egress;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>Connects to servers: over guarded HTTP, or by starting a process of the operator's catalogue.</summary>
sealed class McpConnector(GuardedHttp http, McpLauncher launcher, McpOptions options, TimeProvider time, ILogger<McpConnector> log)
{
    static readonly TimeSpan Probe = TimeSpan.FromSeconds(3);

    static readonly Implementation Us = new()
    {
        Name = "AgentPlatform",
        Version = typeof(McpConnector).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
    };

    public async Task<(McpSession? Session, SkillError? Error)> Connect(McpTarget target, CancellationToken ct)
    {
        var bounds = new McpBounds(new McpFault());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct, bounds.Fault.Broken);
        patience.CancelAfter(options.Patience);
        McpProcess? process = null;
        try
        {
            process = target.Entry is { } entry ? await McpProcess.Start(launcher, target, entry, options.WorkDirectory, bounds.Fault, log) : null;
            IClientTransport transport = process is null
                ? OverHttp(target, bounds)
                : new StreamClientTransport(process.Input, new BoundedStream(process.Output, bounds.Begin()), NullLoggerFactory.Instance);
            return (await Greet(target, transport, bounds, process, patience.Token), null);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Before the process is ended: that it ended then is no reason.
            var error = e is Win32Exception or UnauthorizedAccessException ? Unstartable(target, e) : bounds.Fault.Error ?? McpFailures.Wanting(McpFailures.From(e), bounds.Wanted);
            if (process is not null)
            {
                await process.DisposeAsync();
            }

            return (null, error);
        }
        catch
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }

            throw;
        }
    }

    async Task<McpSession> Greet(McpTarget target, IClientTransport transport, McpBounds bounds, McpProcess? process, CancellationToken ct)
    {
        McpSession? session = null;
        var client = await McpClient.CreateAsync(
            transport,
            new McpClientOptions
            {
                ClientInfo = Us,
                InitializationTimeout = options.Patience,
                DiscoverProbeTimeout = options.Patience < Probe ? options.Patience : Probe,
                Handlers = new McpClientHandlers
                {
                    NotificationHandlers =
                    [
                        new(NotificationMethods.ToolListChangedNotification, (_, _) =>
                        {
                            Volatile.Read(ref session)?.Distrust();
                            return ValueTask.CompletedTask;
                        }),
                    ],
                },
            },
            NullLoggerFactory.Instance, ct);
        session = new McpSession(client, bounds, process, target.Stamp, target.Mask, time);
        return session;
    }

    HttpClientTransport OverHttp(McpTarget target, McpBounds bounds) => new(
        new HttpClientTransportOptions
        {
            Endpoint = target.Url!,
            TransportMode = target.Transport == "sse" ? HttpTransportMode.Sse : HttpTransportMode.StreamableHttp,
            AdditionalHeaders = target.Headers.ToDictionary(StringComparer.Ordinal),
            ConnectionTimeout = options.Patience,
            // What it says unasked is not waited for: its tools are looked at again now and then.
            EnableStandaloneGetStream = false,
            MaxReconnectionAttempts = 0,
        },
        http.CreateClient(new McpHttpGuard(target.Url!, bounds)), NullLoggerFactory.Instance, ownsHttpClient: true);

    SkillError Unstartable(McpTarget target, Exception e)
    {
        log.LogError(e, "MCP server {Catalogue} of tenant {TenantId} cannot be started", target.Entry!.Name, target.TenantId);
        return McpFailures.NoProcesses;
    }
}
