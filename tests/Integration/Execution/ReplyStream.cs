using System.Text.Json;

namespace AgentPlatform.Integration.Execution;

/// <summary>Somebody who listens to a reply.</summary>
sealed class ReplyStream : IAsyncDisposable
{
    readonly HttpResponseMessage answer;
    readonly StreamReader reader;
    readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));

    ReplyStream(HttpResponseMessage answer, StreamReader reader)
    {
        this.answer = answer;
        this.reader = reader;
    }

    public static async Task<ReplyStream> Open(HttpClient http, string path, string? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Last-Event-ID", after);
        return await Send(http, request);
    }

    public static async Task<ReplyStream> Post(HttpClient http, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Runs.Json(body) };
        return await Send(http, request);
    }

    /// <summary>The next event.</summary>
    public async Task<StreamEvent> Next() => await Block() ?? throw new InvalidOperationException("The stream is over.");

    /// <summary>All events up to the end of the stream.</summary>
    public async Task<List<StreamEvent>> Rest()
    {
        var events = new List<StreamEvent>();
        while (await Block() is { } what)
        {
            events.Add(what);
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

    static async Task<ReplyStream> Send(HttpClient http, HttpRequestMessage request)
    {
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
        return new ReplyStream(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>Null at the end.</summary>
    async Task<StreamEvent?> Block()
    {
        var (id, name, data) = ("", "", "");
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Length == 0 && name.Length > 0)
            {
                return new StreamEvent(id, name, JsonSerializer.Deserialize<JsonElement>(data));
            }

            (id, name, data) = line switch
            {
                _ when line.StartsWith("id: ", StringComparison.Ordinal) => (line[4..], name, data),
                _ when line.StartsWith("event: ", StringComparison.Ordinal) => (id, line[7..], data),
                _ when line.StartsWith("data: ", StringComparison.Ordinal) => (id, name, line[6..]),
                _ => (id, name, data),
            };
        }

        return null;
    }
}
