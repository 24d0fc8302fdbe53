using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Integrations.Mcp;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>One connection to one server: what it offers, and calls of it. Many may use it at once; whoever sees it fail closes it.</summary>
sealed class McpSession(McpClient client, McpBounds bounds, IAsyncDisposable? process, string stamp, SecretMask mask, TimeProvider time) : IAsyncDisposable
{
    const int MaxTools = 1_000;
    const int MaxPages = 100;

    /// <summary>A server that changes its tools without saying so is noticed after this time at the latest.</summary>
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);

    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    readonly TimeProvider time = time;
    readonly SemaphoreSlim listing = new(1, 1);
    McpOffer? offer;
    int inUse;
    long lastUsed = time.GetTimestamp();
    int isClosed;

    public string Instance { get; } = Guid.CreateVersion7().ToString("n");

    public string Stamp => stamp;

    public McpFault Fault => bounds.Fault;

    public IReadOnlyList<string> Wanted => bounds.Wanted;

    public string? Revision => client.NegotiatedProtocolVersion;

    public bool IsUsable => Volatile.Read(ref isClosed) == 0 && Fault.Error is null;

    public bool IsAlone => Volatile.Read(ref inUse) == 1;

    public bool IsIdle(TimeSpan limit) => Volatile.Read(ref inUse) == 0 && time.GetElapsedTime(Interlocked.Read(ref lastUsed)) > limit;

    /// <summary>Keeps the connection from being closed for idleness until it is disposed of.</summary>
    public McpUse Begin()
    {
        Interlocked.Increment(ref inUse);
        return new McpUse(this);
    }

    internal void End()
    {
        Interlocked.Exchange(ref lastUsed, time.GetTimestamp());
        Interlocked.Decrement(ref inUse);
    }

    /// <summary>What the server offers, asked of it unless it was lately and has not said that it changed.</summary>
    /// <exception cref="Exception">Whatever the server's answer does to the client; <see cref="McpFailures.From"/> names it.</exception>
    public async Task<McpOffer> Offer(bool fresh, CancellationToken ct)
    {
        await listing.WaitAsync(ct);
        try
        {
            return !fresh && offer is { IsStale: false } known && time.GetElapsedTime(known.At) < Fresh ? known : offer = await Ask(ct);
        }
        finally
        {
            listing.Release();
        }
    }

    /// <inheritdoc cref="Offer"/>
    public Task<CallToolResult> Call(string tool, JsonElement arguments, CancellationToken ct)
    {
        bounds.Renew();
        var given = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var argument in arguments.EnumerateObject())
        {
            given[argument.Name] = argument.Value;
        }

        return client.CallToolAsync(new CallToolRequestParams { Name = tool, Arguments = given }, ct).AsTask();
    }

    /// <summary>The server said that its tools changed: the next call looks first.</summary>
    public void Distrust()
    {
        if (offer is { } known)
        {
            known.IsStale = true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isClosed, 1) != 0)
        {
            return;
        }

        // The process first: a server that does not listen any more does not keep the client waiting.
        if (process is not null)
        {
            await process.DisposeAsync();
        }

        // A client that waits for a server's good-bye is left to itself; its connection has an end of its own.
        await ((Task)client.DisposeAsync().AsTask().WaitAsync(Farewell, time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Fault.Set(McpFailures.Exited(null, ""));
    }

    async Task<McpOffer> Ask(CancellationToken ct)
    {
        var (tools, ignored, cursor) = (new Dictionary<string, McpToolDefinition>(StringComparer.Ordinal), 0, (string?)null);
        client.ClearKnownTools();
        for (var page = 0; page < MaxPages; page++)
        {
            bounds.Renew();
            var answer = await client.ListToolsAsync(new ListToolsRequestParams { Cursor = cursor }, ct);
            foreach (var tool in answer.Tools)
            {
                if (Read(tool) is { } read && tools.TryAdd(read.Name, read))
                {
                    continue;
                }

                ignored++;
            }

            if (tools.Count + ignored > MaxTools)
            {
                break;
            }

            if ((cursor = answer.NextCursor) is null)
            {
                return new McpOffer(tools, ignored, time.GetTimestamp());
            }
        }

        var error = McpFailures.TooMuch($"more than {MaxTools} tools, or lists them without end");
        Fault.Set(error);
        throw new IOException(error.Message);
    }

    McpToolDefinition? Read(Tool tool)
    {
        var json = JsonSerializer.SerializeToNode(tool, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Tool)))!.AsObject();
        // Not the tool: what a transport adds, and pictures.
        json.Remove("_meta");
        json.Remove("icons");
        // What it says of its tools is stored and told to models: a server that repeats what it was sent is not believed there either.
        if (McpToolDefinition.Read(JsonSerializer.SerializeToUtf8Bytes(McpResults.Masked(JsonSerializer.SerializeToElement<JsonNode>(json), mask))) is not { } read)
        {
            return null;
        }

        try
        {
            // The newest revision repeats some arguments as headers; which ones, the tool's schema says.
            client.AddKnownTools([tool]);
            return read;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>Somebody uses a connection.</summary>
sealed class McpUse(McpSession session) : IDisposable
{
    public McpSession Session => session;

    public void Dispose() => session.End();
}

/// <summary>What a server offers.</summary>
/// <param name="Ignored">Tools that cannot be used: their names, or what they say of themselves.</param>
sealed record McpOffer(IReadOnlyDictionary<string, McpToolDefinition> Tools, int Ignored, long At)
{
    public volatile bool IsStale;
}
