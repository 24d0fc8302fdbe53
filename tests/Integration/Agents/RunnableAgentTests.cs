using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Integration.Support;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Agents;

/// <summary>What the run engine asks of this module; no route reaches it.</summary>
public sealed class RunnableAgentTests
{
    [Test]
    public async Task Compiles_the_version_that_a_run_takes_with_the_skills_it_was_made_with()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a", AgentSamples.Fetch);
        await using var scope = Scope(tenant);
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var runnable = (await mediator.Send(new GetRunnableAgent("a"))).Value;
        var version = (await mediator.Send(new LoadVersion(runnable.VersionId))).Value;
        var compiled = await scope.ServiceProvider.GetRequiredService<IAgentCompiler>().Compile(version, CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That((runnable.SemanticVersion, runnable.Status, runnable.Kind), Is.EqualTo(("1.0.0", "active", "agent")));
            Assert.That(version.Pins.Select(p => p.Reference), Is.EquivalentTo(new[] { "http_request@1", "transform" }));
            Assert.That(compiled.Graph.Nodes.Select(n => n.Id), Is.EqualTo(new[] { "fetch", "hello" }));
        });
    }

    [Test]
    public async Task Says_why_no_run_may_start()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Post("/v1/agents", new { slug = "bare", name = "Bare" }, 201);
        foreach (var slug in new[] { "off", "away", "fine" })
        {
            await tenant.Http.Agent(slug);
        }

        await tenant.Http.Post("/v1/agents/off/deactivate", null, 200);
        await tenant.Http.Post("/v1/agents/away/archive", null, 200);
        Assert.That(await Refusal(tenant, "bare"), Is.EqualTo((ErrorKind.Conflict, "agent_has_no_version")));
        Assert.That(await Refusal(tenant, "off"), Is.EqualTo((ErrorKind.Conflict, "agent_inactive")));
        Assert.That(await Refusal(tenant, "away"), Is.EqualTo((ErrorKind.Conflict, "agent_archived")));
        Assert.That(await Refusal(tenant, "fine", "2.0.0"), Is.EqualTo((ErrorKind.NotFound, "version_not_found")));
        Assert.That(await Refusal(tenant, "nobody"), Is.EqualTo((ErrorKind.NotFound, "agent_not_found")));
        Assert.That(await Refusal(await TestApp.NewTenant(), "fine"), Is.EqualTo((ErrorKind.NotFound, "agent_not_found")));
    }

    static async Task<(ErrorKind, string)> Refusal(TestTenant tenant, string agent, string? version = null)
    {
        await using var scope = Scope(tenant);
        var error = (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new GetRunnableAgent(agent, version))).Error!;
        return (error.Kind, error.Code);
    }

    static AsyncServiceScope Scope(TestTenant tenant)
    {
        var scope = tenant.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, tenant.Id, null, PermissionSet.None);
        return scope;
    }
}
