using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

file sealed class Handler(RunPlans plans, RunStarter starter, ITriggers triggers, FlowKeys keys, CallContext call, DbClock clock) : IRequestHandler<StartRun, Result<StartedRun>>
{
    static readonly JsonElement NoInput = JsonDocument.Parse("{}").RootElement;

    public async Task<Result<StartedRun>> Handle(StartRun request, CancellationToken cancellationToken)
    {
        var plan = await plans.OfAgent(call.Tenant, request.Agent, request.Version, cancellationToken);
        if (!plan.IsOk)
        {
            return plan.Error;
        }

        var input = request.Input ?? NoInput;
        var bytes = Encoding.UTF8.GetBytes(input.GetRawText());
        var run = new NewRun(
            plan.Value, Guid.CreateVersion7(clock.Now), RunSource.Manual, request.TriggerId, new RunAsker(call.UserId, call.ApiKeyId), (short)(request.Priority ?? 0), request.Deadline, bytes,
            Datum.From(input.Clone()), Key(request, plan.Value, bytes))
        { Flow = await Flow(request.TriggerId, cancellationToken) };
        var started = await starter.Start(run);
        call.Replayed = started is { IsOk: true, Value.IsReplay: true };
        return started;
    }

    /// <summary>A run that a trigger makes is limited as the trigger says, whoever fires it.</summary>
    async Task<TriggerFlow?> Flow(Guid? triggerId, CancellationToken ct) =>
        triggerId is { } id && await triggers.Find(id, ct) is { } trigger ? TriggerFlow.Of(id, trigger.Flow(), keys) : null;

    /// <summary>The key in the body and the one in the <c>Idempotency-Key</c> header mean the same; keys are apart by who gave them.</summary>
    RunKey? Key(StartRun request, RunPlan plan, byte[] input)
    {
        if ((request.IdempotencyKey ?? call.IdempotencyKey) is not { } key)
        {
            return null;
        }

        var what = $"{plan.AgentId:n}|{request.Version}|{request.Priority}|{request.Deadline:o}|";
        return new RunKey($"run:{call.UserId:n}", key, SHA256.HashData([.. Encoding.UTF8.GetBytes(what), .. input]));
    }
}
