using System.Globalization;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Executes one attempt at one node: parameters, time limit, and for effectful skills a checkpoint of every attempt,
/// so that a restart counts the tries and repeats no call that was answered.
/// </summary>
sealed class StepRunner(Checkpoints checkpoints, Consents consents, IEnumerable<IFormerSecrets> former, TimeProvider time, ILogger<StepRunner> log)
{
    static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    /// <summary>A pure node: done on the caller's thread.</summary>
    public static SkillOutcome RunPure(RunExecution run, Frame frame, CompiledNode node, IPureSkill skill)
    {
        if (run.CheckpointOf(frame, node)?.OutcomeOf(node) is { } known)
        {
            return known;
        }

        using var span = RunTraces.BeginStep(node, frame.Path, attempt: 1);
        var step = run.StartStep(frame, node, attempt: 1);
        var outcome = Record(run, step, Compute(run, frame, node, step, skill));
        RunTraces.EndStep(span, outcome);
        return outcome;
    }

    /// <summary>One attempt at an effectful node, stored when this returns.</summary>
    /// <exception cref="LeaseLostException">Another node has the run.</exception>
    public async Task<SkillOutcome> Try(RunExecution run, Frame frame, CompiledNode node, int attempt, CancellationToken ct)
    {
        using var span = RunTraces.BeginStep(node, frame.Path, attempt);
        var step = run.StartStep(frame, node, attempt);
        SecretsInUse.Collect(run.Secrets);
        var (refused, input) = await Recall(run, ct) is { } unknown ? (unknown, default) : Evaluate(frame, node);
        step.Input = refused is null ? Json.Write(input) : null;
        var outcome = refused is { } error ? error : await CallInTime(run, frame, node, step, input, ct);
        if (outcome.Usage is { } usage)
        {
            run.Book(step, frame, usage);
        }

        ct.ThrowIfCancellationRequested();
        if (!run.Secrets.IsEmpty)
        {
            (outcome, step.Input) = (Masked(run.Secrets, outcome), run.Secrets.TryMask(input, out var masked) ? Json.Write(masked) : step.Input);
        }

        await consents.Await(run, outcome.Error);
        var recorded = Record(run, step, outcome);
        RunTraces.EndStep(span, recorded);
        return await checkpoints.Write(run, ct) ? recorded : throw new LeaseLostException(run.RunId);
    }

    /// <summary>Whether this error is the step's last word, or one of several tries.</summary>
    public static bool MayRetry(RetryPolicy? retry, SkillError error, int attempt) =>
        retry is not null && attempt < retry.MaxAttempts && retry.Covers(error.Class) && (error.Retryable || IsWished(retry, error));

    /// <summary>How long to wait before the attempt after this one.</summary>
    public static TimeSpan DelayAfter(RetryPolicy retry, SkillError error, int attempt)
    {
        var delay = retry.DelayBefore(attempt + 1, Random.Shared.NextDouble());
        return error.RetryAfter > delay ? error.RetryAfter.Value : delay;
    }

    /// <summary>The node's parameters, or why they cannot be had or do not fit the skill's schema.</summary>
    public static (SkillError? Refused, Datum With) Evaluate(Frame frame, CompiledNode node)
    {
        try
        {
            var with = Preset.Under(node.Skill, node.With.Evaluate(frame.Root));
            return node.Skill.InputSchema is { } schema && node.Body is null && schema.Validate(with.ToJsonElement(), 1) is [var problem, ..]
                ? (InvalidWith(node, problem), default)
                : (null, with);
        }
        catch (ExpressionException e)
        {
            return (Failed(e), default);
        }
    }

    /// <summary>Notes how a step ended; an output past the limit becomes an error.</summary>
    public static SkillOutcome Record(RunExecution run, StepRecord step, SkillOutcome outcome)
    {
        if (outcome.Error is null && step.Node.Skill.OutputSchema is { } schema && schema.Validate(Promised(step, outcome.Output).ToJsonElement(), 1) is [var problem, ..])
        {
            outcome = new SkillError(
                "invalid_output", $"The output of {step.Node.Skill.Slug} is not what its version promises: {problem.InstancePointer} {problem.Message}", SkillErrorClass.InvalidResponse, Retryable: false);
        }
        else if (outcome.Error is null)
        {
            if (Json.Write(outcome.Output) is { } output)
            {
                run.FinishStep(step, StepStatus.Succeeded, output, null);
                Measure(step);
                return outcome;
            }

            outcome = new SkillError("output_too_large", $"The step's output is larger than {Json.MaxOutputBytes} bytes.", SkillErrorClass.Limit, Retryable: false);
        }

        run.FinishStep(step, StepStatus.Failed, null, Json.Write(outcome.Error!, step.Node.Id));
        Measure(step);
        return outcome;
    }

    /// <summary>What is stored is also what the next nodes see: a run that goes on elsewhere must read the same.</summary>
    static SkillOutcome Masked(SecretMask mask, SkillOutcome outcome)
    {
        SkillOutcome masked = outcome.Error is { } error ? mask.Apply(error) : mask.Apply(outcome.Output);
        return masked with { Usage = outcome.Usage };
    }

    /// <summary>What a version's output schema speaks of: of customers' code what <c>main</c> gave, without what it printed.</summary>
    static Datum Promised(StepRecord step, Datum output) => step.Node.Skill.Source is null ? output : output.Value("result") ?? Datum.Null;

    static void Measure(StepRecord step)
    {
        if (EngineMetrics.StepDuration.Enabled)
        {
            EngineMetrics.StepDuration.Record((step.FinishedAt!.Value - step.StartedAt).TotalMilliseconds,
                new KeyValuePair<string, object?>("skill", RunTraces.Kind(step.Node)), new KeyValuePair<string, object?>("status", step.Status.ToText()));
        }
    }

    static SkillOutcome Compute(RunExecution run, Frame frame, CompiledNode node, StepRecord step, IPureSkill skill)
    {
        try
        {
            // Of an author's graph the literal parts were checked when it was made. What a model wants, and a person may have edited, was not.
            var (refused, with) = frame.Calls is null ? (null, Preset.Under(node.Skill, node.With.Evaluate(frame.Root))) : Evaluate(frame, node);
            return refused is { } error ? error : skill.Run(Call(run, frame, node, step, with));
        }
        catch (ExpressionException e)
        {
            return Failed(e);
        }
    }

    /// <summary>A 4xx is final as far as a skill can tell; an author who lists it knows better (a 404 until the other side has caught up).</summary>
    static bool IsWished(RetryPolicy retry, SkillError error) =>
        error.Class == SkillErrorClass.ClientStatus && retry.On.Contains(SkillErrorClass.ClientStatus);

    /// <summary>Before a run that was taken up calls anybody: what it used earlier must be hidden as well.</summary>
    async Task<SkillError?> Recall(RunExecution run, CancellationToken ct)
    {
        if (run.FormerUse is { } use)
        {
            foreach (var secrets in former)
            {
                if (await secrets.Recall(use, run.Secrets, ct) is { } error)
                {
                    return error;
                }
            }

            run.Recalled();
        }

        return null;
    }

    async Task<SkillOutcome> CallInTime(RunExecution run, Frame frame, CompiledNode node, StepRecord step, Datum input, CancellationToken ct)
    {
        var limit = node.Timeout ?? DefaultTimeout;
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            return await ((IEffectfulSkill)frame.Runners[node.Index]).Run(Call(run, frame, node, step, input) with { OnText = run.Listener(step) }, both.Token);
        }
        catch (OperationCanceledException e) when (timer.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            SkillOutcome late = new SkillError("timeout", $"The step took longer than {limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.", SkillErrorClass.Timeout, Retryable: true);
            return late with { Usage = (e as CallAbortedException)?.Usage };
        }
        catch (CallAbortedException e)
        {
            run.Book(step, frame, e.Usage);
            throw;
        }
        catch (Exception e) when (e is not OperationCanceledException && !IsDatabaseAway(e))
        {
            return Broken(run, node, e);
        }
    }

    /// <summary>Some skills ask the database: while it is away nothing can be stored of the step either, and the run is taken up again.</summary>
    static bool IsDatabaseAway(Exception e) => e is Npgsql.NpgsqlException && RunExecutor.IsOutage(e);

    static SkillCall Call(RunExecution run, Frame frame, CompiledNode node, StepRecord step, Datum with) =>
        new(run.Plan.TenantId, run.RunId, node, with, frame.Root, frame.Path, run.Plan.AgentId)
        {
            StepId = StepId.Of(run.RunId, step.Sequence),
            Attempt = step.Attempt,
            UserId = run.Facts.Asker.UserId,
            ApiKeyId = run.Facts.Asker.ApiKeyId,
            Defaults = run.Plan.Model,
        };

    /// <summary>A bug in a skill fails the step, not the worker; the author sees that it is ours, the log says what.</summary>
    SkillError Broken(RunExecution run, CompiledNode node, Exception e)
    {
        // What broke may have had a secret in its hands, and quote it: the exception goes into the log as a text that hides it.
        log.LogError("Skill {Skill} broke in run {RunId}, node {Node}: {Exception}", node.Skill.Slug, run.RunId, node.Id, run.Secrets.Apply(e.ToString()));
        return new SkillError("skill_broken", "The skill failed in an unforeseen way; this is a fault of the platform.", "internal", Retryable: true);
    }

    static SkillError InvalidWith(CompiledNode node, Domain.Shared.JsonSchema.SchemaProblem problem) =>
        new("invalid_with", $"The parameters of {node.Skill.Slug} do not fit: {problem.InstancePointer} {problem.Message}", SkillErrorClass.InvalidInput, Retryable: false);

    static SkillError Failed(ExpressionException e) =>
        new("expression_failed", $"{e.Error.Message} (at character {e.Error.Position})", SkillErrorClass.Expression, Retryable: false);
}
