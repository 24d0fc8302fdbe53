using System.Collections.Concurrent;
using AgentPlatform.Infrastructure.Execution.Engine;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentPlatform.Unit.Execution;

[TestFixture]
public sealed class GroupCommitTests
{
    [Test]
    public async Task Gives_each_item_its_own_answer()
    {
        await using var writer = Writer(Doubled);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => writer.Write(i, CancellationToken.None)));

        Assert.That(answers, Is.EqualTo(Enumerable.Range(0, 1000).Select(i => i * 2)));
    }

    [Test]
    public async Task Gathers_what_arrives_while_a_batch_is_under_way()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var go = new ManualResetEventSlim();
        var batches = new ConcurrentQueue<int>();
        await using var writer = Writer(items =>
        {
            batches.Enqueue(items.Count);
            first.TrySetResult();
            go.Wait();
            return Doubled(items);
        });

        var begun = writer.Write(0, CancellationToken.None);
        await first.Task;
        var waiting = Enumerable.Range(1, 20).Select(i => writer.Write(i, CancellationToken.None)).ToList();
        Assert.That(writer.Waiting, Is.EqualTo(20));
        go.Set();
        await Task.WhenAll([begun, .. waiting]);

        Assert.That(batches, Is.EqualTo([1, 8, 8, 4]));
    }

    [Test]
    public async Task Lets_a_bad_item_fail_alone()
    {
        await using var writer = Held(out var go, items => items.Contains(13) ? throw new PostgresException("bad", "ERROR", "ERROR", "22P05") : Doubled(items));

        var all = Enumerable.Range(10, 8).ToDictionary(i => i, i => writer.Write(i, CancellationToken.None));
        go.Set();

        foreach (var (item, answer) in all)
        {
            if (item == 13)
            {
                Assert.That(async () => await answer, Throws.InstanceOf<PostgresException>());
            }
            else
            {
                Assert.That(await answer, Is.EqualTo(item * 2));
            }
        }
    }

    [Test]
    public async Task Fails_the_whole_batch_when_the_database_is_away()
    {
        var calls = 0;
        await using var writer = Held(out var go, _ =>
        {
            calls++;
            throw new NpgsqlException("away", new IOException());
        });

        var all = Enumerable.Range(0, 5).Select(i => writer.Write(i, CancellationToken.None)).ToList();
        go.Set();

        foreach (var answer in all)
        {
            Assert.That(async () => await answer, Throws.InstanceOf<NpgsqlException>());
        }

        Assert.That(calls, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public async Task Goes_on_after_a_failure()
    {
        var isAway = true;
        await using var writer = Writer(items => isAway ? throw new NpgsqlException("away") : Doubled(items));

        Assert.That(async () => await writer.Write(1, CancellationToken.None), Throws.InstanceOf<NpgsqlException>());
        isAway = false;

        Assert.That(await writer.Write(2, CancellationToken.None), Is.EqualTo(4));
    }

    [Test]
    public async Task Refuses_what_does_not_fit_and_loses_nothing_that_did()
    {
        await using var writer = Held(out var go, Doubled, capacity: 4);

        var taken = new List<Task<int>>();
        for (var i = 0; i < 50; i++)
        {
            if (writer.TryWrite(i, out var answer))
            {
                taken.Add(answer);
            }
        }

        Assert.That(taken, Has.Count.InRange(4, 4 + 8));
        go.Set();

        Assert.That(await Task.WhenAll(taken), Has.Length.EqualTo(taken.Count));
    }

    [Test]
    public async Task Writes_everything_that_was_taken_before_it_is_disposed_of()
    {
        var writer = Held(out var go, Doubled);
        var all = Enumerable.Range(0, 100).Select(i => writer.Write(i, CancellationToken.None)).ToList();

        var disposed = writer.DisposeAsync();
        go.Set();
        await disposed;

        Assert.That(all.TrueForAll(answer => answer.IsCompleted), Is.True);
        Assert.That(await Task.WhenAll(all), Has.Length.EqualTo(100));
        Assert.That(writer.TryWrite(1, out _), Is.False);
    }

    static IReadOnlyList<int> Doubled(IReadOnlyList<int> items) => [.. items.Select(item => item * 2)];

    static GroupCommit<int, int> Writer(Func<IReadOnlyList<int>, IReadOnlyList<int>> write, int capacity = 1000) =>
        new(write, maxBatch: 8, capacity, NullLogger.Instance);

    /// <summary>Its first batch waits until the test says go.</summary>
    static GroupCommit<int, int> Held(out ManualResetEventSlim go, Func<IReadOnlyList<int>, IReadOnlyList<int>> write, int capacity = 1000)
    {
        var gate = go = new ManualResetEventSlim();
        return Writer(items =>
        {
            gate.Wait();
            return write(items);
        }, capacity);
    }
}
