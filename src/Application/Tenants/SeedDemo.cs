using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>
/// A tenant to try things with: a person, agents, a webhook for each. It is all there or not at all. Of several nodes that send this at once one
/// succeeds; the others are refused with <c>email_taken</c> or <c>slug_taken</c>, and so is everybody who comes later.
/// </summary>
/// <param name="Keep">Stores what only this answer holds. Called before the commit, so that no tenant exists whose password nobody knows.</param>
// Only the program itself sends this, before anybody can call it.
[AllowAnonymousRequest]
public sealed record SeedDemo(string Password, IReadOnlyList<DemoAgent> Agents, Action<DemoTenant> Keep) : ICommand<DemoTenant>
{
    public const string TenantSlug = "demo";
    public const string Email = "demo@agentplatform.example";

    public override string ToString() => $"{nameof(SeedDemo)} {TenantSlug}";
}

/// <param name="Definition">As <see cref="ApplyAgentDefinition"/> reads it.</param>
/// <param name="Path">Last part of the webhook's address.</param>
/// <param name="Signature">The webhook's scheme.</param>
public sealed record DemoAgent(string Slug, JsonElement Definition, string Path, string Signature);

public sealed record DemoTenant(Guid TenantId, IReadOnlyList<DemoWebhook> Webhooks);

public sealed record DemoWebhook(string Agent, Guid TriggerId, string Path, string Signature, string Secret);

file sealed class Handler(IMediator mediator) : IRequestHandler<SeedDemo, Result<DemoTenant>>
{
    public async Task<Result<DemoTenant>> Handle(SeedDemo request, CancellationToken cancellationToken)
    {
        var owner = await mediator.Send(
            new SignUp(SeedDemo.Email, request.Password, "Demo Owner", new SignUp.NewTenant("Demo", SeedDemo.TenantSlug)), cancellationToken);
        if (!owner.IsOk)
        {
            return owner.Error;
        }

        var webhooks = new List<DemoWebhook>();
        foreach (var agent in request.Agents)
        {
            var webhook = await Make(agent, cancellationToken);
            if (!webhook.IsOk)
            {
                return webhook.Error;
            }

            webhooks.Add(webhook.Value);
        }

        var demo = new DemoTenant(owner.Value.Account.Tenant!.Id, webhooks);
        request.Keep(demo);
        return demo;
    }

    async Task<Result<DemoWebhook>> Make(DemoAgent agent, CancellationToken ct)
    {
        var applied = await mediator.Send(new ApplyAgentDefinition(agent.Slug, null, agent.Definition, null), ct);
        if (!applied.IsOk)
        {
            return applied.Error;
        }

        var made = await mediator.Send(new CreateTrigger(agent.Slug, "Webhook", "webhook", agent.Path, agent.Signature), ct);
        return made.Map(trigger => new DemoWebhook(agent.Slug, trigger.Trigger.Id, agent.Path, agent.Signature, trigger.Secret!));
    }
}
