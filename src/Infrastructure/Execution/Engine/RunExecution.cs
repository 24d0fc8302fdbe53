using System.Diagnostics;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>One run in the memory of the node that holds its lease: its way through the graph, what its steps did, and who watches.</summary>
sealed partial class RunExecution
{
    static readonly Dictionary<string, Checkpoint> None = [];

    static readonly TimeSpan LongestRun = TimeSpan.FromDays(30);

    readonly Lock gate = new();
    readonly List<StepRecord> records;
    readonly DbClock clock;
    List<StepRecord> unstored;
    int events = 1;
    int sequence;
    volatile int seenWakes;
    volatile bool isRecalled;
    UsageTotal? used;
    SecretMask? secrets;
    long takenUp;

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
        Begin();
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

    /// <summary>How long this node has been at it. By the monotonic clock: the database's may be set back meanwhile.</summary>
    public TimeSpan Active => Stopwatch.GetElapsedTime(takenUp);

    /// <summary>When the run must have ended, be it waiting or not; null: whenever.</summary>
    public DateTimeOffset? Deadline => Facts.Deadline;

    public Frame Root { get; }

    public GraphWalk Walk => Root.Walk;

    public Mailbox Mailbox { get; } = new();

    /// <summary>The secrets that its steps have used here, to be hidden in what they store.</summary>
    public SecretMask Secrets => secrets ?? Interlocked.CompareExchange(ref secrets, new SecretMask(), null) ?? secrets;

    /// <summary>Whose secrets the run may have used before it was taken up here; null when there was nothing before, or it is known.</summary>
    public FormerUse? FormerUse => isRecalled || (Attempt == 1 && Checkpoints.Count == 0)
        ? null
        // A replay goes on with outputs of a run that began whenever.
        : new(Plan.TenantId, Plan.AgentId, Facts.Asker.UserId, Facts.TriggerSource == "replay" ? StartedAt - LongestRun : StartedAt);

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
        takenUp = Stopwatch.GetTimestamp();
        TakenUpAt = clock.Now;
        StartedAt = Facts.FirstStartedAt ?? TakenUpAt;
    }

    /// <summary>What <see cref="FormerUse"/> asks for stands in <see cref="Secrets"/>.</summary>
    public void Recalled() => isRecalled = true;

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

    void Finish(StepRecord record, StepStatus status, byte[]? output, byte[]? error)
    {
        record.Finish(status, output, error, ++events, clock.Now);
        unstored.Add(record);
        Tell(record, started: false);
    }
}
