using System.Net;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// Servers whose clock is wrong, by libfaketime. What counts is the database's clock: such a server takes no run away from another
/// one whose lease is good, and a key that it is asked with ends neither early nor late.
/// </summary>
sealed class ProveClock(ProveCustomer customer) : IDisposable
{
    static readonly string[] Libraries = ["/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"];

    static readonly string? Library = Array.Find(Libraries, File.Exists);

    /// <summary>It must be over before the first question, which comes after a server's start.</summary>
    static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    readonly List<(DateTime From, DateTime To)> shifts = [];
    HttpClient? living;
    HttpClient? expired;

    public static bool IsAvailable => Library is not null;

    /// <summary>When a second server was there whose clock was wrong, and nothing else was.</summary>
    public IReadOnlyList<(DateTime From, DateTime To)> Shifts => shifts;

    /// <summary>Answers about keys that were not as the database's clock has it.</summary>
    public int MisjudgedKeys { get; private set; }

    /// <summary>
    /// A key that lives for half an hour still, and one that was over a moment ago: less than what clocks are wrong by. To be made just before the questions, which take a few
    /// minutes: the faults before them may take longer than the key lives.
    /// </summary>
    public async Task MakeKeys(Uri address)
    {
        var now = TimeProvider.System.GetUtcNow();
        living = await customer.Key(address, now.AddMinutes(30));
        expired = await customer.Key(address, now.Add(Short));
    }

    /// <summary>
    /// The clock that processes measure with is off by the same constant, which nobody can tell: told to leave it alone (<c>DONT_FAKE_MONOTONIC</c>), libfaketime 0.9.10 ends every
    /// timed wait on it at once, and the server gives up calls to its database that have only just begun.
    /// </summary>
    /// <param name="offset">As libfaketime reads it: <c>+1h</c>, <c>-3m</c>.</param>
    public static Dictionary<string, string> Settings(string offset) => new()
    {
        ["LD_PRELOAD"] = Library ?? throw new InvalidOperationException("libfaketime is not installed."),
        ["FAKETIME"] = offset,
    };

    public async Task Ask(Uri address)
    {
        MisjudgedKeys += await Answers(living, address, HttpStatusCode.OK) ? 0 : 1;
        MisjudgedKeys += await Answers(expired, address, HttpStatusCode.Unauthorized) ? 0 : 1;
    }

    public void Note(DateTime from, DateTime to) => shifts.Add((from, to));

    /// <summary>Runs that were begun anew although every server lived. Those of the agent that waits have a second attempt anyhow.</summary>
    public IEnumerable<RunFact> Stolen(HistoryFacts facts)
    {
        var waiting = facts.Deliveries.Where(delivery => Prove.Waits(delivery.Client)).Select(delivery => delivery.Id).ToHashSet();
        return facts.Runs.Where(run => run.Attempt > 1 && !waiting.Contains(run.Delivery) && shifts.Exists(shift => run.QueuedAt >= shift.From && run.FinishedAt <= shift.To));
    }

    public IEnumerable<Violation> Check(HistoryFacts facts) =>
    [
        .. Stolen(facts).Select(run => new Violation("stolen lease", run.Id.ToString(), $"has attempt {run.Attempt}, queued {run.QueuedAt:O}, and no server was lost while it ran")),
        .. Enumerable.Repeat(new Violation("misjudged key", "keys", "a key's end was judged by a node's clock"), MisjudgedKeys),
    ];

    public void Dispose()
    {
        living?.Dispose();
        expired?.Dispose();
    }

    static async Task<bool> Answers(HttpClient? key, Uri address, HttpStatusCode expected)
    {
        using var answer = await (key ?? throw new InvalidOperationException("The keys come before the questions.")).GetAsync(new Uri(address, "/v1/runs"));
        return answer.StatusCode == expected;
    }
}
