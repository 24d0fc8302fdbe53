using System.Diagnostics.CodeAnalysis;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>A node that runs a body again and again: it says which frame comes next, takes in how each ended, and knows its outcome at last.</summary>
abstract class Composite(Frame frame, CompiledNode node, StepRecord step)
{
    readonly List<Frame> underWay = [];

    /// <summary>The frame that the node stands in.</summary>
    public Frame Frame => frame;

    public CompiledNode Node => node;

    public StepRecord Step => step;

    /// <summary>Set once the node has ended; frames still under way are then given up.</summary>
    public SkillOutcome? Outcome { get; protected set; }

    public IReadOnlyList<Frame> UnderWay => underWay;

    public bool TryNext([MaybeNullWhen(false)] out Frame next)
    {
        next = Outcome is null ? Next() : null;
        if (next is not null)
        {
            underWay.Add(next);
        }

        return next is not null;
    }

    public void Take(Frame ended, SkillOutcome outcome)
    {
        underWay.Remove(ended);
        if (Outcome is null)
        {
            Took(ended, outcome);
        }
    }

    /// <summary>The next frame to begin, or null when none may begin now.</summary>
    protected abstract Frame? Next();

    protected abstract void Took(Frame ended, SkillOutcome outcome);

    protected Frame BodyFrame(Datum item, int index)
    {
        var body = node.Body!.Graph;
        return new Frame(body, frame.Runners.OfBody(node.Index), frame.Walk.Scope.Body(body, item, index), $"{frame.KeyOf(node)}[{index}]", index, this);
    }

    /// <param name="calls">What a model asked for, by the ids of the nodes that do it.</param>
    protected Frame FrameOf(CompiledGraph graph, GraphRunners runners, int index, IReadOnlyDictionary<string, ToolCall>? calls = null) =>
        new(graph, runners, frame.Walk.Scope.Body(graph, Datum.Null, index), $"{frame.KeyOf(node)}[{index}]", index, this) { Calls = calls };
}

/// <summary><c>foreach</c>: a body for every item, so many at once, the results in the items' order.</summary>
sealed class Foreach : Composite
{
    public const int MaxItems = 10_000;
    public const int MaxConcurrency = 64;
    const int DefaultConcurrency = 8;

    readonly Datum items;
    readonly int concurrency;
    readonly bool collects;
    readonly Datum[] results;
    readonly SortedDictionary<int, SkillError> errors = [];
    int begun;
    int ended;

    Foreach(Frame frame, CompiledNode node, StepRecord step, Datum items, int concurrency, bool collects)
        : base(frame, node, step)
    {
        this.items = items;
        this.concurrency = concurrency;
        this.collects = collects;
        results = new Datum[items.Length];
        Finish();
    }

    /// <summary>The node with its parameters evaluated, or why they do not do.</summary>
    public static (Foreach? Composite, SkillError? Refusal) Of(Frame frame, CompiledNode node, StepRecord step, Datum with)
    {
        if (!with.TryGetProperty("items", out var items) || items.Kind is not DatumKind.Array)
        {
            return (null, Refused("invalid_with", "The items of a foreach are an array."));
        }

        if (items.Length > MaxItems)
        {
            return (null, Refused("too_many_items", $"A foreach takes at most {MaxItems} items; these are {items.Length}."));
        }

        var concurrency = with.TryGetProperty("concurrency", out var asked) && !asked.IsNull ? asked : Datum.From(DefaultConcurrency);
        if (concurrency.Kind is not DatumKind.Number || concurrency.GetDouble() is not (>= 1 and <= MaxConcurrency))
        {
            return (null, Refused("invalid_with", $"The concurrency of a foreach is a number from 1 to {MaxConcurrency}."));
        }

        var collects = with.TryGetProperty("on_item_error", out var policy) && policy.Kind is DatumKind.String && policy.GetString() == "collect";
        return (new Foreach(frame, node, step, items, (int)concurrency.GetDouble(), collects), null);
    }

    protected override Frame? Next() => begun < items.Length && begun - ended < concurrency ? BodyFrame(items.ItemAt(begun), begun++) : null;

    protected override void Took(Frame ended, SkillOutcome outcome)
    {
        var index = ended.Item!.Value;
        this.ended++;
        if (outcome.Error is not { } error)
        {
            results[index] = outcome.Output;
        }
        else if (collects)
        {
            errors[index] = error;
        }
        else
        {
            Outcome = error with { Message = $"Item {index}: {error.Message}" };
            return;
        }

        Finish();
    }

    void Finish()
    {
        if (ended == results.Length)
        {
            Outcome = Datum.FromObject(new Dictionary<string, Datum>
            {
                ["results"] = Datum.FromArray(results),
                ["errors"] = Datum.FromArray([.. errors.Select(entry => Shown(entry.Key, entry.Value))]),
            });
        }
    }

    static Datum Shown(int index, SkillError error) => Datum.FromObject(new Dictionary<string, Datum>
    {
        ["index"] = Datum.From(index),
        ["code"] = Datum.From(error.Code),
        ["message"] = Datum.From(error.Message),
        ["class"] = Datum.From(error.Class),
    });

    static SkillError Refused(string code, string message) => new(code, message, SkillErrorClass.InvalidInput, Retryable: false);
}

/// <summary><c>loop</c>: a body again and again, each round reading what the one before gave, until its condition holds.</summary>
sealed class Loop(Frame frame, CompiledNode node, StepRecord step, Datum initial) : Composite(frame, node, step)
{
    Datum last = initial;
    int rounds;
    bool isUnderWay;

    protected override Frame? Next()
    {
        if (isUnderWay)
        {
            return null;
        }

        isUnderWay = true;
        return BodyFrame(last, rounds);
    }

    protected override void Took(Frame ended, SkillOutcome outcome)
    {
        isUnderWay = false;
        rounds++;
        if (outcome.Error is { } error)
        {
            Outcome = error with { Message = $"Round {rounds - 1}: {error.Message}" };
            return;
        }

        last = outcome.Output;
        try
        {
            ended.Walk.Scope.RoundOutput = last;
            var isDone = Node.Body!.Until?.Evaluate(ended.Root).IsTruthy ?? false;
            if (isDone || rounds >= Node.Body.MaxIterations)
            {
                Outcome = Datum.FromObject(new Dictionary<string, Datum> { ["output"] = last, ["iterations"] = Datum.From(rounds), ["done"] = Datum.From(isDone) });
            }
        }
        catch (ExpressionException e)
        {
            Outcome = new SkillError("condition_failed", $"The condition of the loop failed after round {rounds - 1}: {e.Error.Message}", SkillErrorClass.Expression, Retryable: false);
        }
    }
}
