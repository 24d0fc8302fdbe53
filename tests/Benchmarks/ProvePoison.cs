using System.Net.Http.Json;
using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// Runs that take down whichever server executes them. To the platform that is all one, a stack overflow, an exhausted memory or a FailFast: the process is
/// gone. Here the outside world does it: whoever calls its trap is killed before there is an answer.
/// </summary>
sealed class ProvePoison(ProveServers servers, ProveSink sink, NpgsqlDataSource engine)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    readonly List<PoisonFact> poisoned = [];

    public IReadOnlyList<PoisonFact> Poisoned => poisoned;

    /// <summary>One such run after another, each until it is left alone; then the trap is taken away and all of them are redriven.</summary>
    public async Task Run(int count, CancellationToken ct)
    {
        using var customer = await ProveCustomer.Join(servers.Address(0));
        var target = await customer.Deploy("poison", Agent(new Uri(sink.Address, ProveSink.Trap)));
        for (var i = 0; i < count; i++)
        {
            using var connection = new WebhookConnection(target, "", wait: false);
            var (_, run) = await connection.Deliver($"poison-{i}", ct);
            poisoned.Add(await Follow(run ?? throw new InvalidOperationException("The poison was not accepted."), ct));
        }

        sink.TakeTrapAway();
        for (var i = 0; i < count; i++)
        {
            using var answer = await customer.Http.PostAsJsonAsync($"/v1/runs/{poisoned[i].RunId}/redrive", new { }, ct);
            if (answer.IsSuccessStatusCode && await answer.Content.ReadFromJsonAsync<Redriven>(ct) is { } again)
            {
                poisoned[i] = poisoned[i] with { AfterRedrive = (await End(again.Id, ct)).Status };
            }
        }
    }

    public IEnumerable<Violation> Check() => poisoned.Where(run => !run.IsQuarantined || run.AfterRedrive != "succeeded")
        .Select(run => new Violation("poison", run.RunId.ToString(), $"took {run.Deaths} servers down, ended as {run.Status} {run.Error}, redriven as {run.AfterRedrive}"));

    /// <summary>Kills the server as often as the run is caught.</summary>
    async Task<PoisonFact> Follow(Guid run, CancellationToken ct)
    {
        var ended = End(run, ct);
        for (var deaths = 0; ; deaths++)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var caught = sink.Caught(over.Token);
            if (await Task.WhenAny(ended, caught) == ended)
            {
                await over.CancelAsync();
                var (status, error) = await ended;
                return new PoisonFact(run, deaths, status, error, AfterRedrive: null);
            }

            await servers.Kill();
        }
    }

    async Task<(string Status, string? Error)> End(Guid run, CancellationToken ct)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            await using var command = engine.CreateCommand("select status, error ->> 'code' from execution.runs where id = $1 and finished_at is not null");
            command.Parameters.AddWithValue(run);
            await using var reader = await command.ExecuteReaderAsync(ct);
            if (await reader.ReadAsync(ct))
            {
                return (reader.GetString(0), reader.GetValue(1) as string);
            }

            await Task.Delay(50, ct);
        }

        return ("not ended", null);
    }

    static string Agent(Uri trap) => $$"""
        slug: poison
        name: Poison
        graph:
          nodes:
            - id: trap
              skill: http_request
              with: { method: POST, url: "{{trap}}", body: { delivery: "=input.id" }, timeout: 5m }
              retry: { max_attempts: 1 }
          output: { id: "=input.id" }
        """;

    sealed record Redriven(Guid Id);
}

/// <param name="Deaths">Servers that the run took down.</param>
/// <param name="Status">As which it ended, and with which error.</param>
/// <param name="AfterRedrive">As which the run that a person started in its place ended, once it was no poison any more.</param>
sealed record PoisonFact(Guid RunId, int Deaths, string Status, string? Error, string? AfterRedrive)
{
    public bool IsQuarantined => Deaths == 3 && Status == "failed" && Error == "poisoned";
}
