using System.Collections.Concurrent;
using AgentPlatform.Application.Billing;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentPlatform.Integration.Billing;

/// <summary>
/// A vendor that charges what it is told to, or each call differently, and keeps its own count; and the skill <c>priced</c> that calls it and answers what it cost:
/// <c>{cost, tokens, service, fails, holds, reserve, away}</c>.
/// </summary>
sealed class PricedVendor
{
    const string Skill = """
        select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
        insert into agents.skills (tenant_id, id, slug, name, type, category)
        values ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000f0001', 'priced', 'Priced', 'builtin', 'utility') on conflict do nothing;
        insert into agents.skill_versions (tenant_id, id, skill_id, semantic_version, input_schema, changelog)
        values ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000f0101', '01900000-0000-7000-8000-0000000f0001', '1.0.0', '{ "type": "object" }', 'Test.')
        on conflict do nothing;
        """;

    long last;
    int away;

    /// <summary>Every call that it charged for.</summary>
    public ConcurrentQueue<(SkillCall Call, long Micros)> Calls { get; } = [];

    /// <summary>From its charge to its answer.</summary>
    public TimeSpan Takes { get; init; }

    public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets calls go that hold.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A node of the program that knows the skill.</summary>
    public async Task<TestApp> Start(TestApp? beside = null, params (string Name, string Value)[] settings)
    {
        var app = await TestApp.Start(
            settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value, StringComparer.Ordinal),
            services => services.AddSingleton<ISkillRunner>(provider => new PricedSkill(this, provider.GetService<IBudgets>())), beside?.Database);
        await Sql.Execute(app.Database.Owner, Skill);
        return app;
    }

    /// <summary>A graph of one node.</summary>
    public static string Graph(string with, string more = "") => $$"""{ "nodes": [{ "id": "ask", "skill": "priced", "with": {{with}}{{more}} }] }""";

    SkillUsage Charge(SkillCall call)
    {
        var usage = new SkillUsage(Text(call.With, "service") ?? "test/large")
        {
            CostMicros = Number(call.With, "cost") is > 0 and var cost ? cost : Interlocked.Increment(ref last),
            TokensPrompt = Number(call.With, "tokens"),
            TokensCompletion = Number(call.With, "tokens") / 2,
        };
        Calls.Enqueue((call, usage.CostMicros));
        return usage;
    }

    static long Number(Datum with, string name) => with.TryGetProperty(name, out var value) && value.Kind is DatumKind.Number ? (long)value.GetDouble() : 0;

    static string? Text(Datum with, string name) => with.TryGetProperty(name, out var value) && value.Kind is DatumKind.String ? value.GetString() : null;

    sealed class PricedSkill(PricedVendor vendor, IBudgets? budgets) : IEffectfulSkill
    {
        public string Handles => "builtin/priced";

        public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
        {
            if (Number(call.With, "reserve") is > 0 and var most && await budgets!.Reserve(
                new Reservation(call.TenantId, call.StepId, call.RunId, call.AgentId, call.UserId, call.ApiKeyId, "test/large", most, TimeSpan.FromMinutes(5)), ct) is { } refused)
            {
                return refused;
            }

            if (Text(call.With, "away") is not null && Interlocked.Exchange(ref vendor.away, 1) == 0)
            {
                throw new NpgsqlException("The connection is broken.", new IOException());
            }

            var usage = vendor.Charge(call);
            try
            {
                await Task.Delay(vendor.Takes, ct);
                if (Text(call.With, "holds") is not null)
                {
                    vendor.Held.TrySetResult();
                    await vendor.Gate.Task.WaitAsync(ct);
                }
            }
            catch (OperationCanceledException)
            {
                throw new CallAbortedException([usage], ct);
            }

            SkillOutcome outcome = call.Attempt <= Number(call.With, "fails")
                ? new SkillError("vendor_away", "The vendor charged and failed.", SkillErrorClass.ServerStatus, Retryable: true)
                : Datum.FromObject(new Dictionary<string, Datum> { ["cost"] = Datum.From(usage.CostMicros) });
            return outcome with { Usage = [usage] };
        }
    }
}
