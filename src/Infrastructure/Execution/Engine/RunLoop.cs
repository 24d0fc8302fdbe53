using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Execution.Skills;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What the loops of all runs share.</summary>
sealed record RunLoopParts(StepRunner Steps, RunInbox Inbox, ChildRuns Children, ApprovalRequests Approvals, AgentLoops Models, DbClock Clock, TimeProvider Time);

/// <summary>
/// Moves one run on, from where it stands to its end or until it parks. One loop, one thought at a time: steps under way report to its
/// mailbox, so nothing here needs a lock. Pure nodes are done on the spot; a graph of them is over before anything is awaited.
/// </summary>
sealed partial class RunLoop(RunExecution run, RunLoopParts parts)
{
    /// <summary>A wait shorter than this keeps its slot: parking and being claimed again would cost more.</summary>
    static readonly TimeSpan MinPark = TimeSpan.FromMilliseconds(100);

    readonly Queue<Frame> moving = new();
    readonly Queue<(Frame Frame, CompiledNode Node)> opening = new();
    readonly List<Frame> held = [];
    readonly List<OpenNode> waits = [];
    readonly List<Guid> forsaken = [];
    bool pausing = run.Facts.PauseRequested;
    bool canceling = run.Facts.CancelRequested;
    bool looks;
    bool unread;

    enum Turn
    {
        Over,
        Parked,
        TimedOut,
        Canceled,
    }

    public ValueTask<RunEnd> Run()
    {
        if (canceling)
        {
            // What its former attempts left open is not known here.
            unread = run.Attempt > 1;
            return new(End(Turn.Canceled));
        }

        if (run.Deadline <= parts.Clock.Now)
        {
            unread = run.Attempt > 1;
            return new(End(Turn.TimedOut));
        }

        moving.Enqueue(run.Root);
        Move();
        return run.Root.IsOver && underWay == 0 ? new(End(Turn.Over)) : new(RunOn());
    }

    async Task<RunEnd> RunOn()
    {
        Turn turn;
        await using (run.Node.Lost.Register(static mailbox => ((Mailbox)mailbox!).Ring(), run.Mailbox))
        {
            try
            {
                turn = await Turns();
            }
            finally
            {
                await Stop();
            }
        }

        return End(turn);
    }

    async Task<Turn> Turns()
    {
        // The time that it may be at work in all; what it waited, parked, is not counted.
        var limit = run.TakenUpAt + (run.Plan.Timeout - run.Facts.Active);
        var atMost = run.Deadline < limit ? run.Deadline.Value : limit;
        while (true)
        {
            run.Node.Lost.ThrowIfCancellationRequested();
            if (run.Mailbox.TakeRing())
            {
                // Before anything begins: a step that ended was rung for with its checkpoint.
                await Look();
            }

            Move();
            if (run.Root.IsOver)
            {
                return Turn.Over;
            }

            if (opening.TryDequeue(out var next))
            {
                await Open(next.Frame, next.Node);
                continue;
            }

            if (looks)
            {
                await Look();
                continue;
            }

            if (canceling)
            {
                return Turn.Canceled;
            }

            await Forsake();
            var now = parts.Clock.Now;
            if (atMost <= now)
            {
                return Turn.TimedOut;
            }

            if (TakeEnded() || await SettleDue(now))
            {
                continue;
            }

            if (underWay == 0 && waits.Count == 0 && !pausing)
            {
                // To park now would be to sleep for ever: better that it is seen.
                throw new InvalidOperationException($"Run {run.RunId} has nothing under way and waits for nothing, and is not over.");
            }

            var due = waits.Min(wait => wait.NextAt);
            if (underWay == 0 && (pausing || due is null || due - now > MinPark))
            {
                return Turn.Parked;
            }

            await run.Mailbox.Wait((due < atMost ? due.Value : atMost) - now, parts.Time);
        }
    }

    /// <summary>Begins every node that can begin, until nothing moves any more.</summary>
    void Move()
    {
        while (run.Root.Walk.Failure is null && moving.TryDequeue(out var frame))
        {
            if (frame.IsGone)
            {
                continue;
            }

            while (!pausing && frame.Walk.TryTakeReady(out var index))
            {
                Begin(frame, frame.Graph.Nodes[index]);
            }

            if (frame.Walk.HasReady)
            {
                held.Add(frame);
            }
            else if (frame.Owner is { } owner && frame.IsOver)
            {
                Complete(owner, frame);
            }
        }
    }

    void Begin(Frame frame, CompiledNode node)
    {
        frame.Open++;
        switch (frame.Runners[node.Index])
        {
            case IPureSkill pure:
                SettleHere(frame, node, StepRunner.RunPure(run, frame, node, pure));
                break;
            case IEffectfulSkill when node.Tools is not null:
                BeginModel(frame, node);
                break;
            case IEffectfulSkill:
                BeginEffectful(frame, node);
                break;
            case ControlSkill { Kind: ControlKind.Foreach or ControlKind.Loop }:
                BeginComposite(frame, node);
                break;
            default:
                BeginControl(frame, node);
                break;
        }
    }

    void BeginEffectful(Frame frame, CompiledNode node)
    {
        var checkpoint = run.CheckpointOf(frame, node);
        if (checkpoint?.OutcomeOf(node) is { } known)
        {
            SettleHere(frame, node, known);
        }
        else
        {
            Attempt(frame, node, (checkpoint?.Attempts ?? 0) + 1);
        }
    }

    void Settle(Frame frame, CompiledNode node, SkillOutcome outcome)
    {
        SettleHere(frame, node, outcome);
        moving.Enqueue(frame);
    }

    void SettleHere(Frame frame, CompiledNode node, SkillOutcome outcome)
    {
        frame.Open--;
        if (outcome.Error is { } error)
        {
            frame.Walk.Fail(node.Index, error);
        }
        else
        {
            frame.Walk.Succeed(node.Index, outcome.Output);
        }

        while (frame.Walk.TryTakeUnrun(out var unrun, out var refusal))
        {
            run.RecordUnrun(frame, frame.Graph.Nodes[unrun], refusal);
        }
    }
}
