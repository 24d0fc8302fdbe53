using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Execution.Skills.Tools;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What every agent loop is made with.</summary>
sealed record LoopKit(SkillRunners Runners, LlmCalls Llm);

/// <summary>
/// An <c>llm</c> node whose model calls tools until it answers. Frames alternate: in <c>node[0]</c> the model is asked, in <c>node[1]</c> its calls are made beside each
/// other, in <c>node[2]</c> it is asked again with their results. Each answer and each call is a step like any other, with its checkpoint, limits, waits and events.
/// </summary>
sealed partial class AgentLoop : Composite
{
    /// <summary>The node of the frames in which the model is asked.</summary>
    public const string Ask = "model";

    const int MaxShownArguments = 4096;

    /// <summary>Answers in a row of whose calls none can be made.</summary>
    const int MaxFaultyRounds = 3;

    /// <summary>Answers that do not fit the schema which they were asked for, until the last.</summary>
    const int MaxRepairs = 2;

    readonly RunExecution run;
    readonly LoopKit kit;
    readonly ToolSet tools;
    readonly LlmRequest request;
    readonly LoopTerms terms;
    readonly ToolJudge judge;
    readonly LoopSpent spent = new();
    readonly List<ChatMessage> messages;
    readonly List<Datum> reports = [];
    IReadOnlyList<JudgedCall>? calls;
    string model = "";
    int faultyRounds;
    int repairs;
    bool isUnderWay;

    AgentLoop(RunExecution run, Frame frame, CompiledNode node, StepRecord step, LoopKit kit, ToolSet tools, LlmRequest request, LoopTerms terms)
        : base(frame, node, step)
    {
        this.run = run;
        this.kit = kit;
        this.tools = tools;
        this.request = request;
        this.terms = terms;
        judge = new ToolJudge(tools);
        messages = [.. request.Messages];
    }

    /// <summary>The node with its parameters evaluated, or why they do not do.</summary>
    public static (AgentLoop? Loop, SkillError? Refusal) Of(RunExecution run, Frame frame, CompiledNode node, StepRecord step, LoopKit kit, ToolSet tools, Datum with) =>
        LlmRequest.TryRead(with, run.Plan.Model, out var request, out var problem)
            ? (new AgentLoop(run, frame, node, step, kit, tools, request!, LoopTerms.Of(with, run.Plan.Limits)), null)
            : (null, problem);

    protected override Frame? Next()
    {
        if (isUnderWay)
        {
            return null;
        }

        if (calls is null && terms.Passed(spent) is { } passed)
        {
            Outcome = passed;
            return null;
        }

        isUnderWay = true;
        return calls is null ? AskModel() : MakeCalls(calls, (2 * spent.Iterations) - 1);
    }

    protected override void Took(Frame ended, SkillOutcome outcome)
    {
        isUnderWay = false;
        if (calls is { } made)
        {
            calls = null;
            messages.Add(Results(ended, made));
            faultyRounds = made.All(call => call.Refusal is not null) ? faultyRounds + 1 : 0;
            if (faultyRounds == MaxFaultyRounds)
            {
                Outcome = spent.Over("tool_calls_invalid", $"{MaxFaultyRounds} times in a row the model made only calls that cannot be made: {made[0].Refusal!.Message}") with { Class = SkillErrorClass.InvalidResponse };
            }
        }
        else if (outcome.Error is { } error)
        {
            Outcome = error;
        }
        else
        {
            Take(TurnAnswer.Read(ended.Walk.Scope.OutputOf(0)));
        }
    }

    void Take(TurnAnswer answer)
    {
        spent.Add(answer.Usage);
        messages.Add(answer.ToMessage());
        model = answer.Model;
        if (answer.Calls.Count == 0)
        {
            End(answer);
            return;
        }

        spent.Calls += answer.Calls.Count;
        run.ToolCalls += answer.Calls.Count;

        // Calls whose results nobody would read are not made.
        if (run.ToolCalls > LoopTerms.MostCalls)
        {
            Outcome = spent.Over("max_tool_calls", $"The run's models have asked for {run.ToolCalls} calls of tools; at most {LoopTerms.MostCalls} are allowed.");
        }
        else if (terms.Passed(spent) is { } passed)
        {
            Outcome = passed;
        }
        else
        {
            calls = [.. answer.Calls.Select(judge.Judge)];
        }
    }

    void End(TurnAnswer answer)
    {
        Datum? json = null;
        if (request.Schema is { } schema)
        {
            var (value, refused) = LlmAnswer.Structured(answer.Text, schema);
            if (refused is not null && repairs++ < MaxRepairs)
            {
                messages.Add(new ChatMessage(ChatRole.User, $"{refused.Message} Answer again, with nothing but JSON that fits."));
                return;
            }

            if (refused is not null)
            {
                Outcome = refused;
                return;
            }

            json = value;
        }

        var members = new Dictionary<string, Datum> { ["text"] = Datum.From(answer.Text) };
        if (json is { } structured)
        {
            members["json"] = structured;
        }

        members["iterations"] = Datum.From(spent.Iterations);
        members["tool_calls"] = Datum.FromArray(reports);
        members["usage"] = spent.ToDatum();
        members["model"] = Datum.From(answer.Model);
        members["finish_reason"] = Datum.From(answer.FinishReason);
        members["simulated"] = Datum.From(answer.IsSimulated);
        Outcome = Datum.FromObject(members);
    }

    Frame AskModel()
    {
        // What is asked stands in the steps before; only how it goes on is told again.
        var with = spent.Iterations == 0 ? Step.Input is { } input ? Json.Read(input) : Datum.Null : Datum.FromObject(new Dictionary<string, Datum>
        {
            ["iteration"] = Datum.From(spent.Iterations + 1),
            ["messages"] = Datum.From(messages.Count),
        });
        var graph = MadeGraph.Of(
        [
            new MadeNode(Ask, Plain(Node.Skill), ValueTemplate.Literal(with), OnErrorKind.Fail) { Credential = Node.Credential, Retry = Node.Retry },
        ]);
        var turn = new ModelTurn(kit.Llm, request, [.. messages], tools, isFirst: spent.Iterations == 0);
        return FrameOf(graph, new GraphRunners([turn], null), 2 * spent.Iterations);
    }
}
