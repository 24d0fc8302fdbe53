using System.Diagnostics;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// A run's spans. The run belongs to the trace of the request that started it, whichever node executes it and however often it changes hands:
/// what it needs for that is stored with it. Where nobody listens and the caller brought no trace, nothing is made.
/// </summary>
static class RunTraces
{
    /// <summary>The W3C <c>traceparent</c> of what happens here; null where it is not recorded.</summary>
    public static string? Here() => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } here ? here.Id : null;

    /// <summary>The span of one execution; the run's calls carry its trace even where nobody listens to ours.</summary>
    public static Activity? Begin(RunExecution run)
    {
        var parent = run.Facts.TraceParent;
        if (!Telemetry.Source.HasListeners())
        {
            return parent is null ? null : new Activity("run").SetParentId(parent).Start();
        }

        var context = ActivityContext.TryParse(parent, null, isRemote: true, out var known) ? known : default;
        var span = Telemetry.Source.StartActivity("run", ActivityKind.Consumer, context);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("agentplatform.tenant.id", run.Plan.TenantId);
            span.SetTag("agentplatform.agent.id", run.Plan.AgentId);
            span.SetTag("agentplatform.run.id", run.RunId);
            span.SetTag("agentplatform.run.attempt", run.Attempt);
        }

        return span;
    }

    public static void End(Activity? span, RunStatus status)
    {
        span?.SetTag("agentplatform.run.status", status.ToText());
        if (status is RunStatus.Failed)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    public static Activity? BeginStep(CompiledNode node, string? path, int attempt)
    {
        if (!Telemetry.Source.HasListeners())
        {
            return null;
        }

        var span = Telemetry.Source.StartActivity($"step {Kind(node)}");
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("agentplatform.step.node", node.Id);
            span.SetTag("agentplatform.step.path", path);
            span.SetTag("agentplatform.step.attempt", attempt);
        }

        return span;
    }

    public static void EndStep(Activity? span, SkillOutcome outcome)
    {
        if (span is not null && outcome.Error is { } error)
        {
            span.SetTag("error.type", error.Code);
            span.SetStatus(ActivityStatusCode.Error, error.Code);
        }
    }

    /// <summary>What executes a node: few names, and none that an author chose.</summary>
    public static string Kind(CompiledNode node) => node.Skill.Type is SkillType.Builtin ? node.Skill.Slug : node.Skill.Type.ToText();
}
