using System.Text.Json;

namespace AgentPlatform.Integration.Execution;

/// <summary>A program that listens to a stream of runs.</summary>
sealed class RunStream : IAsyncDisposable
{
    readonly HttpResponseMessage answer;
    readonly StreamReader reader;
    readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));

    RunStream(HttpResponseMessage answer, StreamReader reader)
    {
        this.answer = answer;
        this.reader = reader;
    }

    /// <summary>The last id that came: where to go on from.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Listens; when this returns the server has said from where on.</summary>
    public static async Task<RunStream> Open(HttpClient http, string path = "/v1/runs/events", string? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Last-Event-ID", after);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
        var stream = new RunStream(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        if (await stream.Block() is { } reset)
        {
            Assert.That(reset.Name, Is.EqualTo("reset"));
            stream.WasReset = true;
        }

        return stream;
    }

    public bool WasReset { get; private set; }

    /// <summary>The next event; signs of life are passed over.</summary>
    public async Task<StreamEvent> Next()
    {
        while (true)
        {
            if (await Block() is { } what)
            {
                return what;
            }
        }
    }

    /// <summary>Events until <paramref name="runs"/> runs have ended.</summary>
    public async Task<List<StreamEvent>> UntilEnded(int runs)
    {
        var events = new List<StreamEvent>();
        while (runs > 0)
        {
            events.Add(await Next());
            runs -= events[^1].Name == "run.finished" ? 1 : 0;
        }

        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await patience.CancelAsync();
        reader.Dispose();
        answer.Dispose();
        patience.Dispose();
    }

    /// <summary>Null for a block without an event.</summary>
    async Task<StreamEvent?> Block()
    {
        var (name, data) = ("", "");
        while (await reader.ReadLineAsync(patience.Token) is { Length: > 0 } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                Id = line[4..];
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = line[6..];
            }
        }

        return name.Length == 0 ? null : new StreamEvent(Id, name, JsonSerializer.Deserialize<JsonElement>(data));
    }
}

sealed record StreamEvent(string Id, string Name, JsonElement Data)
{
    public Guid Run => Data.GetProperty("run_id").GetGuid();

    public string Status => Data.GetProperty("status").GetString()!;
}
