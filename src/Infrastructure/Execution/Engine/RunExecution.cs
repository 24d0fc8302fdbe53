using System.Threading.Channels;
using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>One run in the memory of the node that holds its lease: its way through the graph, what its steps did, and who watches.</summary>
sealed class RunExecution
{
    static readonly Dictionary<string, Checkpoint> None = [];

    readonly Lock gate = new();
    readonly List<StepRecord> records;
    readonly DbClock clock;
    List<StepRecord> unstored;
    int events = 1;
    int sequence;
    List<ChannelWriter<RunEvent>>? watchers;
    bool ended;
    volatile int seenWakes;
    UsageTotal? used;
    SecretMask? secrets;

    public RunExecution(RunPlan plan, Guid runId, int attempt, NodeIdentity node, RunFacts facts, DbClock clock)
    {
        Plan = plan;
        RunId = runId;
        Attempt = attempt;
        Node = node;
        Facts = facts;
        this.clock = clock;
        seenWakes = facts.SeenWakes;
        records = new List<StepRecord>(plan.Graph.Nodes.Count);
        unstored = new List<StepRecord>(plan.Graph.Nodes.Count);
        Responded = plan.Responds ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        TakenUpAt = clock.Now;
        StartedAt = facts.FirstStartedAt ?? TakenUpAt;
        Root = new Frame(plan.Graph, plan.Runners, new RunScope(plan.Graph, facts.Input, facts.Config ?? plan.Config, Datum.FromObject(new RunFactsObject(this))));
    }

    public RunPlan Plan { get; }

    public Guid RunId { get; }

    /// <summary>How often the run was taken up; with the node's id it fences stale writers.</summary>
    public int Attempt { get; }

    public NodeIdentity Node { get; }

    public RunFacts Facts { get; }

    public DateTimeOffset QueuedAt => Facts.QueuedAt;

    /// <summary>When the run first began, whoever executed it then: expressions read it, and must read the same again.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When this node took the run up.</summary>
    public DateTimeOffset TakenUpAt { get; private set; }

    /// <summary>When the run must have ended, be it waiting or not; null: whenever.</summary>
    public DateTimeOffset? Deadline => Facts.Deadline;

    public Frame Root { get; }

    public GraphWalk Walk => Root.Walk;

    public Mailbox Mailbox { get; } = new();

    /// <summary>The secrets that its steps have used here, to be hidden in what they store.</summary>
    public SecretMask Secrets => secrets ?? Interlocked.CompareExchange(ref secrets, new SecretMask(), null) ?? secrets;

    /// <summary>Rings that were heard; one more, and the run does not park but goes on.</summary>
    public int SeenWakes { get => seenWakes; set => seenWakes = value; }

    /// <summary>Results that former attempts stored, by the step's key. These are not run and not recorded again.</summary>
    public IReadOnlyDictionary<string, Checkpoint> Checkpoints { get; init; } = None;

    /// <summary>Calls of tools that the run's models asked for so far. Only its loop counts.</summary>
    public int ToolCalls { get; set; }

    /// <summary>Steps that are already stored; their sequence numbers are taken.</summary>
    public int FirstSequence { init => sequence = value; }

    /// <summary>What the steps of former attempts used.</summary>
    public IEnumerable<SkillUsage> FormerUsage
    {
        init
        {
            foreach (var entry in value)
            {
                (used ??= new()).Add(entry);
            }
        }
    }

    /// <summary>What the run used so far, as it is stored; null for nothing.</summary>
    public byte[]? Usage
    {
        get
        {
            lock (gate)
            {
                return used is { IsEmpty: false } ? UsageJson.Write(used.Entries) : null;
            }
        }
    }

    /// <summary>Completes when the final state is committed; a caller that waits is answered from here.</summary>
    public TaskCompletionSource<FinishedRun> Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the answer of the graph's <c>respond</c> node; null where it has none.</summary>
    public TaskCompletionSource<byte[]>? Responded { get; }

    /// <summary>Execution begins now: what was measured before is the time in line.</summary>
    public void Begin()
    {
        TakenUpAt = clock.Now;
        StartedAt = Facts.FirstStartedAt ?? TakenUpAt;
    }

    public Checkpoint? CheckpointOf(Frame frame, CompiledNode node) => Checkpoints.Count == 0 ? null : Checkpoints.GetValueOrDefault(frame.KeyOf(node));

    /// <summary>How long the step took that ended last at a node; null where it is not known any more.</summary>
    public TimeSpan? DurationOf(Frame frame, CompiledNode node)
    {
        lock (gate)
        {
            return records.FindLast(record => record.Node.Id == node.Id && record.Path == frame.Path) is { FinishedAt: { } finished } step
                ? finished - step.StartedAt
                : CheckpointOf(frame, node)?.Took;
        }
    }

    public StepRecord StartStep(Frame frame, CompiledNode node, int attempt)
    {
        lock (gate)
        {
            var record = new StepRecord(node, frame, sequence++, attempt, Attempt, ++events, clock.Now);
            records.Add(record);
            Tell(record, started: true);
            return record;
        }
    }

    /// <summary>A step that a former attempt began and that waited since then.</summary>
    public StepRecord ReopenStep(Frame frame, CompiledNode node, StoredStep stored)
    {
        lock (gate)
        {
            var record = new StepRecord(node, frame, stored.Sequence, stored.Attempt, stored.RunAttempt, stored.StartedEvent, stored.StartedAt) { IsStoredAsWaiting = true };
            records.Add(record);
            return record;
        }
    }

    /// <summary>
    /// Books what a step's call used: with the step, as long as that is not stored yet. A call that was given up may report later than that;
    /// then what it used stands in a row of its own.
    /// </summary>
    public void Book(StepRecord step, Frame frame, IReadOnlyList<SkillUsage> usage)
    {
        SkillUsage[] bounded = [.. usage.Select(entry => entry.Bounded())];
        lock (gate)
        {
            foreach (var entry in bounded)
            {
                (used ??= new()).Add(entry);
            }

            if (step.FinishedAt is null || unstored.Contains(step))
            {
                step.Usage = UsageJson.Write(bounded);
            }
            else if (bounded.Length > 0)
            {
                var late = new StepRecord(step.Node, frame, sequence++, step.Attempt, Attempt, ++events, clock.Now) { Usage = UsageJson.Write(bounded) };
                late.Finish(StepStatus.Canceled, null, null, events, clock.Now);
                records.Add(late);
                unstored.Add(late);
            }
        }
    }

    public void FinishStep(StepRecord record, StepStatus status, byte[]? output, byte[]? error)
    {
        lock (gate)
        {
            Finish(record, status, output, error);
        }
    }

    /// <summary>A node that was settled without being run: skipped, or failed by the condition of an edge into it.</summary>
    public void RecordUnrun(Frame frame, CompiledNode node, SkillError? refusal)
    {
        if (CheckpointOf(frame, node) is not null)
        {
            return;
        }

        lock (gate)
        {
            var record = new StepRecord(node, frame, sequence++, attempt: 0, Attempt, ++events, clock.Now);
            record.Finish(refusal is null ? StepStatus.Skipped : StepStatus.Failed, null, refusal is null ? null : Json.Write(refusal, node.Id), events, clock.Now);
            records.Add(record);
            unstored.Add(record);
            Tell(record, started: false);
        }
    }

    /// <summary>Finished steps that are not stored yet; who takes them stores them, or puts them back.</summary>
    public List<StepRecord> TakeUnstored()
    {
        lock (gate)
        {
            var taken = unstored;
            unstored = [];
            return taken;
        }
    }

    /// <summary>Those steps could not be stored after all.</summary>
    public void PutBack(IEnumerable<StepRecord> taken)
    {
        lock (gate)
        {
            unstored.InsertRange(0, taken);
        }
    }

    /// <summary>The run parks: steps under way are stored as waiting, those that are already are left as they stand.</summary>
    public List<StepRecord> TakeParked()
    {
        lock (gate)
        {
            var taken = unstored;
            unstored = [];
            foreach (var record in records)
            {
                if (record.FinishedAt is null && !record.IsStoredAsWaiting)
                {
                    record.Park();
                    taken.Add(record);
                }
            }

            return taken;
        }
    }

    /// <summary>Steps that were under way when the run, or a part of it, ended end with it.</summary>
    public void CancelOpenSteps(Func<StepRecord, bool>? which = null)
    {
        lock (gate)
        {
            foreach (var record in records)
            {
                if (record.FinishedAt is null && (which is null || which(record)))
                {
                    Finish(record, StepStatus.Canceled, null, null);
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
                if (record.Attempt > 0 && record.RunAttempt == Attempt)
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

    /// <summary>
    /// Who is told the text that a step's model says, as it says it. Somebody who starts a run by hand, or watches it already, is about to look; a run
    /// that a schedule or a webhook started mostly runs unseen, and its models are spared the streaming.
    /// </summary>
    public Action<string>? Listener(StepRecord step)
    {
        if (Facts.TriggerSource is not "manual")
        {
            lock (gate)
            {
                if (watchers is null)
                {
                    return null;
                }
            }
        }

        // What is kept back in the end, because a secret might have begun there, comes with the whole.
        var mask = Secrets.Stream();
        return text =>
        {
            lock (gate)
            {
                var shown = mask.Next(text);
                if (watchers is not null && step.FinishedAt is null && shown.Length > 0)
                {
                    Tell(RunEvents.Token(this, step, shown));
                }
            }
        };
    }

    /// <summary>Ends every stream; <paramref name="finished"/> is null when this node lost or parked the run.</summary>
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

    void Finish(StepRecord record, StepStatus status, byte[]? output, byte[]? error)
    {
        record.Finish(status, output, error, ++events, clock.Now);
        unstored.Add(record);
        Tell(record, started: false);
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
        // A piece of text that finds no room is left out: it comes again with the whole.
        var lagging = !writer.TryWrite(what) && !what.IsPassing;
        if (lagging)
        {
            writer.TryComplete();
        }

        return lagging;
    });
}

/// <summary>What a run was accepted with, and what its way so far left behind.</summary>
/// <param name="TriggerSource">As stored: manual, webhook, schedule, event, agent or replay.</param>
/// <param name="Config">Null: as the plan has it.</param>
/// <param name="FirstStartedAt">Null for a run that has not begun.</param>
/// <param name="Active">How long former attempts were at work; the time that it waited does not count.</param>
/// <param name="SeenWakes">How often the run had been rung when it was taken up.</param>
/// <param name="IsStoredAsBegun">Its row says that it runs; if not, its end says that too.</param>
sealed record RunFacts(
    Datum Input, DateTimeOffset QueuedAt, string TriggerSource, DateTimeOffset? Deadline = null, Datum? Config = null, DateTimeOffset? FirstStartedAt = null,
    TimeSpan Active = default, RunFamily? Family = null, int SeenWakes = 0, bool CancelRequested = false, bool PauseRequested = false, string? TraceParent = null, RunAsker Asker = default, bool IsStoredAsBegun = true);

/// <summary>Of a child run: who started it.</summary>
/// <param name="Lineage">The agents above it, from the root down, its parent's the last.</param>
/// <param name="IsDetached">Its parent neither waits for it nor ends it.</param>
sealed record RunFamily(Guid ParentRunId, Guid RootRunId, Guid[] Lineage, bool IsDetached = false)
{
    public const int MaxDepth = 8;
}
