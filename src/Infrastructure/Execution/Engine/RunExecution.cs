using System.Threading.Channels;
using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>One run in the memory of the node that holds its lease: its way through the graph, what its steps did, and who watches.</summary>
sealed class RunExecution
{
    readonly Lock gate = new();
    readonly List<StepRecord> records;
    readonly DbClock clock;
    int events = 1;
    int sequence;
    List<ChannelWriter<RunEvent>>? watchers;
    bool ended;

    public RunExecution(RunPlan plan, Guid runId, int attempt, NodeIdentity node, Datum input, DateTimeOffset queuedAt, string triggerSource, DbClock clock, DateTimeOffset? deadline = null)
    {
        Plan = plan;
        RunId = runId;
        Attempt = attempt;
        Node = node;
        Deadline = deadline;
        this.clock = clock;
        records = new List<StepRecord>(plan.Graph.Nodes.Count);
        QueuedAt = queuedAt;
        StartedAt = clock.Now;
        Walk = new GraphWalk(plan.Graph, new RunScope(plan.Graph, input, plan.Config, RunFacts(plan, runId, attempt, triggerSource, StartedAt)));
    }

    public RunPlan Plan { get; }

    public Guid RunId { get; }

    /// <summary>How often the run was taken up; with the node's id it fences stale writers.</summary>
    public int Attempt { get; }

    public NodeIdentity Node { get; }

    public DateTimeOffset QueuedAt { get; }

    public DateTimeOffset StartedAt { get; private set; }

    public DateTimeOffset? Deadline { get; }

    public GraphWalk Walk { get; }

    /// <summary>Results that a former attempt stored, by node index. These nodes are not run and not recorded again.</summary>
    public IReadOnlyDictionary<int, Checkpoint> Checkpoints { get; init; } = new Dictionary<int, Checkpoint>();

    /// <summary>Steps that are already stored; their sequence numbers are taken.</summary>
    public int FirstSequence { init => sequence = value; }

    /// <summary>Completes when the final state is committed; a caller that waits is answered from here.</summary>
    public TaskCompletionSource<FinishedRun> Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Execution begins now: what was measured before is the time in line.</summary>
    public void Begin() => StartedAt = clock.Now;

    public StepRecord StartStep(CompiledNode node, int attempt)
    {
        lock (gate)
        {
            var record = new StepRecord(node, sequence++, attempt, ++events, clock.Now);
            records.Add(record);
            Tell(record, started: true);
            return record;
        }
    }

    public void FinishStep(StepRecord record, StepStatus status, byte[]? output, byte[]? error)
    {
        lock (gate)
        {
            record.Finish(status, output, error, ++events, clock.Now);
            Tell(record, started: false);
        }
    }

    /// <summary>A node that was settled without being run: skipped, or failed by the condition of an edge into it.</summary>
    public void RecordUnrun(CompiledNode node, SkillError? refusal)
    {
        if (Checkpoints.ContainsKey(node.Index))
        {
            return;
        }

        lock (gate)
        {
            var record = new StepRecord(node, sequence++, attempt: 0, ++events, clock.Now);
            record.Finish(refusal is null ? StepStatus.Skipped : StepStatus.Failed, null, refusal is null ? null : Json.Write(refusal, node.Id), events, clock.Now);
            records.Add(record);
            Tell(record, started: false);
        }
    }

    /// <summary>Finished steps that no checkpoint holds yet, marked as held from here on.</summary>
    public List<StepRecord> TakeUnstored()
    {
        lock (gate)
        {
            var taken = records.FindAll(record => !record.Stored && record.FinishedAt is not null);
            foreach (var record in taken)
            {
                record.Stored = true;
            }

            return taken;
        }
    }

    /// <summary>Those steps could not be stored after all.</summary>
    public void PutBack(IEnumerable<StepRecord> taken)
    {
        lock (gate)
        {
            foreach (var record in taken)
            {
                record.Stored = false;
            }
        }
    }

    /// <summary>Steps that were under way when the run ended end with it.</summary>
    public void CancelOpenSteps()
    {
        lock (gate)
        {
            foreach (var record in records)
            {
                if (record.FinishedAt is null)
                {
                    record.Finish(StepStatus.Canceled, null, null, ++events, clock.Now);
                    Tell(record, started: false);
                }
            }
        }
    }

    /// <summary>What happened so far, and a reader for what is still to come; nothing falls between the two.</summary>
    public (IReadOnlyList<RunEvent> Past, ChannelReader<RunEvent> Future) Watch()
    {
        lock (gate)
        {
            var past = new List<RunEvent> { RunEvents.Started(this) };
            foreach (var record in records)
            {
                if (record.Attempt > 0)
                {
                    past.Add(RunEvents.StepStarted(this, record));
                }

                if (record.FinishedAt is not null)
                {
                    past.Add(RunEvents.StepFinished(this, record));
                }
            }

            past.Sort((a, b) => a.Number.CompareTo(b.Number));

            // A reader that cannot keep up loses its stream, not the engine's memory; it reconnects with Last-Event-ID.
            var channel = Channel.CreateBounded<RunEvent>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.Wait });
            if (ended)
            {
                channel.Writer.Complete();
            }
            else
            {
                (watchers ??= []).Add(channel.Writer);
            }

            return (past, channel.Reader);
        }
    }

    /// <summary>Ends every stream; <paramref name="finished"/> is null when this node lost the run.</summary>
    public void EndStreams(FinishedRun? finished)
    {
        lock (gate)
        {
            if (finished is not null && watchers is not null)
            {
                Tell(RunEvents.Finished(finished));
            }

            watchers?.ForEach(writer => writer.TryComplete());
            watchers = null;
            ended = true;
        }
    }

    /// <summary>Most runs are watched by nobody: then no event is made.</summary>
    void Tell(StepRecord step, bool started)
    {
        if (watchers is not null)
        {
            Tell(started ? RunEvents.StepStarted(this, step) : RunEvents.StepFinished(this, step));
        }
    }

    void Tell(RunEvent what) => watchers?.RemoveAll(writer =>
    {
        var lagging = !writer.TryWrite(what);
        if (lagging)
        {
            writer.TryComplete();
        }

        return lagging;
    });

    static Datum RunFacts(RunPlan plan, Guid runId, int attempt, string triggerSource, DateTimeOffset startedAt) => Datum.FromObject(new RunFactsObject(plan, runId, attempt, triggerSource, startedAt));
}
