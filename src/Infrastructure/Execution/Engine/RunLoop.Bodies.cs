using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Nodes with a body: their frames move through the same queue as the run's own, so nesting costs no stack.</summary>
sealed partial class RunLoop
{
    void BeginComposite(Frame frame, CompiledNode node)
    {
        var checkpoint = run.CheckpointOf(frame, node);
        if (checkpoint?.OutcomeOf(node) is { } known)
        {
            SettleHere(frame, node, known);
            return;
        }

        OpenComposite(frame, node, checkpoint?.Waiting, (step, with) => Make(frame, node, step, with));
    }

    /// <param name="stored">The step as a former attempt left it; null where it begins now.</param>
    /// <param name="make">Makes the composite of the step and its parameters, or says why they do not do.</param>
    void OpenComposite(Frame frame, CompiledNode node, StoredStep? stored, Func<StepRecord, Datum, (Composite?, SkillError?)> make)
    {
        var step = stored is null ? run.StartStep(frame, node, attempt: 1) : run.ReopenStep(frame, node, stored);
        var (refusal, with) = StepRunner.Evaluate(frame, node);
        Composite? composite = null;
        if (refusal is null)
        {
            step.Input = Json.Write(with);
            (composite, refusal) = make(step, with);
        }

        if (refusal is not null)
        {
            Settle(frame, node, StepRunner.Record(run, step, refusal));
            return;
        }

        if (node.Timeout is { } timeout)
        {
            waits.Add(new OpenNode(OpenKind.Composite, frame, node, step, 1, TimesOutAt: step.StartedAt + timeout, Composite: composite));
        }

        Pump(composite!);
    }

    static (Composite?, SkillError?) Make(Frame frame, CompiledNode node, StepRecord step, Datum with) =>
        ((ControlSkill)frame.Runners[node.Index]).Kind is ControlKind.Foreach
            ? Foreach.Of(frame, node, step, with)
            : (new Loop(frame, node, step, with.TryGetProperty("initial", out var initial) ? initial : Datum.Null), null);

    /// <summary>Begins the frames that may begin now, or ends the node.</summary>
    void Pump(Composite composite)
    {
        while (composite.TryNext(out var next))
        {
            moving.Enqueue(next);
        }

        if (composite.Outcome is { } outcome)
        {
            EndComposite(composite, outcome);
        }
    }

    void EndComposite(Composite composite, SkillOutcome outcome)
    {
        if (composite.UnderWay.Count > 0)
        {
            foreach (var frame in composite.UnderWay)
            {
                frame.Close();
            }

            GiveUpWhatIsGone();
        }

        waits.RemoveAll(wait => wait.Composite == composite);
        Settle(composite.Frame, composite.Node, StepRunner.Record(run, composite.Step, outcome));
    }

    /// <summary>A body's frame is over: its output, or what failed in it.</summary>
    void Complete(Composite owner, Frame frame)
    {
        var outcome = frame.Walk.Failure is { } failure ? failure.Error : BodyOutput(frame);
        frame.Close();
        if (frame.Open > 0)
        {
            GiveUpWhatIsGone();
        }

        owner.Take(frame, outcome);
        Pump(owner);
    }

    static SkillOutcome BodyOutput(Frame frame)
    {
        try
        {
            return frame.Walk.Output(CancellationToken.None);
        }
        catch (ExpressionException e)
        {
            return OutputFailed(e);
        }
    }

    void GiveUpWhatIsGone()
    {
        forsaken.AddRange(waits.Where(wait => wait.Kind is OpenKind.Child && wait.Frame.IsGone).Select(wait => wait.Id));
        waits.RemoveAll(wait => wait.Frame.IsGone);
        run.CancelOpenSteps(step => step.Frame is { IsGone: true });
    }
}
