using System.Globalization;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Nodes that wait: for a time, a signal, a person, a child run. They are opened once and looked after by the loop's turns.</summary>
sealed partial class RunLoop
{
    readonly HashSet<Guid> consumed = [];

    void BeginControl(Frame frame, CompiledNode node)
    {
        if (run.CheckpointOf(frame, node)?.OutcomeOf(node) is not { } known)
        {
            opening.Enqueue((frame, node));
            return;
        }

        // A signal that a former attempt took is not to be taken again.
        if (known.Error is null && known.Output.TryGetProperty("signal_id", out var id) && id.Kind is DatumKind.String && Guid.TryParse(id.GetString(), out var signal))
        {
            consumed.Add(signal);
        }

        SettleHere(frame, node, known);
    }

    async Task Open(Frame frame, CompiledNode node)
    {
        if (frame.IsGone)
        {
            return;
        }

        if (node.Tools is not null)
        {
            await OpenModel(frame, node);
            return;
        }

        var checkpoint = run.CheckpointOf(frame, node);
        await Open(frame, node, (checkpoint?.Attempts ?? 0) + 1, checkpoint?.Waiting);
    }

    async Task Open(Frame frame, CompiledNode node, int attempt, StoredStep? stored)
    {
        var step = stored is null ? run.StartStep(frame, node, attempt) : run.ReopenStep(frame, node, stored);
        var (refusal, with) = StepRunner.Evaluate(frame, node);
        OpenNode? open = null;
        SkillOutcome? outcome = null;
        if (refusal is null)
        {
            step.Input = Json.Write(with);
            var draft = new OpenNode(OpenKind.Time, frame, node, step, attempt, TimesOutAt: step.StartedAt + node.Timeout);
            (open, outcome) = ((ControlSkill)frame.Runners[node.Index]).Kind switch
            {
                ControlKind.Wait => OpenWait(draft, with),
                ControlKind.Approval => await parts.Approvals.Open(run, draft, with, isNew: stored is null),
                _ => await parts.Children.Open(run, draft, with, isNew: stored is null),
            };
        }

        if (open is null)
        {
            EndAttempt(frame, node, step, attempt, refusal is not null ? refusal : outcome!.Value);
            return;
        }

        waits.Add(open);

        // What it waits for may have come already.
        looks |= open.Kind is not OpenKind.Time;
    }

    static (OpenNode?, SkillOutcome?) OpenWait(OpenNode draft, Datum with)
    {
        var (terms, refusal) = WaitTerms.Read(with, draft.Step!.StartedAt);
        return terms is null
            ? (null, refusal!)
            : (draft with { Kind = terms.Signal is null ? OpenKind.Time : OpenKind.Signal, DueAt = terms.DueAt, Name = terms.Signal }, null);
    }

    /// <summary>Reads what came in for the run, and settles what waited for it.</summary>
    async Task Look()
    {
        looks = false;
        var inbox = await parts.Inbox.Read(run, waits);
        run.SeenWakes = inbox.Wakes;
        canceling = inbox.CancelRequested;
        pausing = inbox.PauseRequested;
        if (!pausing)
        {
            held.ForEach(moving.Enqueue);
            held.Clear();
        }

        foreach (var signal in inbox.Signals)
        {
            if (consumed.Contains(signal.Id))
            {
                continue;
            }

            if (waits.Find(wait => wait.Kind is OpenKind.Signal && wait.Name == signal.Name) is { } waiting)
            {
                consumed.Add(signal.Id);
                EndWait(waiting, signal.ToOutput());
            }

            // One consent is for all that wait for it.
            foreach (var consented in waits.FindAll(wait => wait.Kind is OpenKind.Consent && wait.Name == signal.Name))
            {
                consumed.Add(signal.Id);
                waits.Remove(consented);
                await TryAgain(consented);
            }
        }

        foreach (var (step, output) in inbox.Overrides)
        {
            if (waits.Find(wait => wait.StepIdOf(run.RunId) == step) is { } waiting)
            {
                EndWait(waiting, output);
            }
        }

        foreach (var (id, outcome) in inbox.Outcomes)
        {
            if (waits.Find(wait => wait.Id == id && wait.Kind is OpenKind.Approval or OpenKind.Child) is { } waiting)
            {
                EndWait(waiting, outcome);
            }
        }
    }

    /// <returns>Whether anything was due.</returns>
    async Task<bool> SettleDue(DateTimeOffset now)
    {
        var due = waits.FindAll(wait => wait.NextAt <= now);
        foreach (var wait in due)
        {
            if (wait.Frame.IsGone)
            {
                continue;
            }

            if (wait.TimesOutAt <= now && !(wait.DueAt < wait.TimesOutAt))
            {
                TimeOut(wait);
                continue;
            }

            switch (wait.Kind)
            {
                case OpenKind.Retry:
                    waits.Remove(wait);
                    await TryAgain(wait);
                    break;
                case OpenKind.Time:
                    EndWait(wait, Datum.FromObject(new Dictionary<string, Datum> { ["waited_until"] = Datum.From(Text(wait.DueAt!.Value)) }));
                    break;
                case OpenKind.Signal:
                    EndWait(wait, new SkillError("signal_timeout", $"The signal {wait.Name} did not come in time.", SkillErrorClass.Timeout, Retryable: false));
                    break;
            }
        }

        return due.Count > 0;
    }

    void TimeOut(OpenNode wait)
    {
        var error = new SkillError(
            "timeout", $"The step took longer than {wait.Node.Timeout!.Value.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.", SkillErrorClass.Timeout, Retryable: true);
        if (wait.Composite is { } composite)
        {
            EndComposite(composite, error);
            return;
        }

        if (wait.Kind is OpenKind.Child)
        {
            forsaken.Add(wait.Id);
        }

        EndWait(wait, error);
    }

    async Task TryAgain(OpenNode wait)
    {
        if (wait.Frame.Runners[wait.Node.Index] is IEffectfulSkill)
        {
            Attempt(wait.Frame, wait.Node, wait.Attempt);
        }
        else
        {
            await Open(wait.Frame, wait.Node, wait.Attempt, null);
        }
    }

    void EndWait(OpenNode wait, SkillOutcome outcome)
    {
        waits.Remove(wait);
        EndAttempt(wait.Frame, wait.Node, wait.Step!, wait.Attempt, outcome);
    }

    void EndAttempt(Frame frame, CompiledNode node, StepRecord step, int attempt, SkillOutcome outcome)
    {
        var recorded = StepRunner.Record(run, step, outcome);
        if (recorded.Error is { } error && StepRunner.MayRetry(node.Retry, error, attempt))
        {
            waits.Add(new OpenNode(OpenKind.Retry, frame, node, null, attempt + 1, DueAt: parts.Clock.Now + StepRunner.DelayAfter(node.Retry!, error, attempt)));
        }
        else
        {
            Settle(frame, node, recorded);
        }
    }

    /// <summary>Child runs that nobody waits for any more are asked to stop.</summary>
    async Task Forsake()
    {
        if (forsaken.Count > 0)
        {
            await parts.Children.Cancel(run, forsaken);
            forsaken.Clear();
        }
    }

    static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
