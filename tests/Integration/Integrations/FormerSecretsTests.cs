using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Integrations.Mcp;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Secrets that come back when nobody who was given them remembers it: the run was laid down in between, or goes on with another's outputs.</summary>
public sealed class FormerSecretsTests
{
    [Test]
    public async Task A_run_that_was_taken_up_again_hides_what_it_used_before()
    {
        var secret = Credentials.Random();
        var heard = "nothing";
        await using var peer = await Peer.Start(async (_, http) =>
        {
            var sent = http.Request.Headers.Authorization.ToString();
            await http.Response.WriteAsJsonAsync(new { said = sent.Length > 0 ? "thank you" : $"You told me {heard}." });
            heard = sent.Length > 0 ? sent["Bearer ".Length..] : heard;
        });
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Credential(new { name = "crm", auth_type = "bearer_token", secret = new { token = secret }, allowed_hosts = new[] { peer.Host() } });
        var id = await tenant.Http.Start(await tenant.Http.Agent($$"""
            {
              "nodes": [
                { "id": "tell", "skill": "http_request", "credential": "crm", "with": { "url": "{{peer.Url}}" } },
                { "id": "pause", "skill": "wait", "with": { "signal": "go" } },
                { "id": "hear", "skill": "http_request", "with": { "url": "{{peer.Url}}" } }
              ],
              "edges": [{ "from": "tell", "to": "pause" }, { "from": "pause", "to": "hear" }],
              "output": "=hear.body.said"
            }
            """));
        await tenant.Http.Until(id, "waiting");
        await tenant.Http.Post($"/v1/runs/{id}/signals/go", "{}");

        var run = await tenant.Http.Drain(id);
        Assert.That(heard, Is.EqualTo(secret));
        Assert.That(run.GetProperty("output").GetString(), Is.EqualTo("You told me ***."));

        var fork = (await tenant.Http.Post($"/v1/runs/{id}/replay", """{ "from_node": "hear" }""")).GetProperty("id").GetGuid();
        Assert.That((await tenant.Http.Drain(fork)).GetProperty("output").GetString(), Is.EqualTo("You told me ***."), "goes on with what another run was answered");
        Assert.That(peer.Calls, Is.EqualTo(3), "the fork has not used the credential itself");
    }

    [Test]
    public async Task Secrets_of_mcp_servers_are_recalled_and_what_another_person_alone_may_use_is_not()
    {
        var tenant = await TestApp.NewTenant();
        var (shared, own) = (Credentials.Random(), Credentials.Random());
        await tenant.Http.Configure(await tenant.Http.Register("https://mcp.example"), new { headers = new Dictionary<string, string> { ["X-Token"] = shared } });
        await tenant.Http.Credential(new { name = "mine", scope = "user", secret = new { api_key = own }, allowed_hosts = new[] { "a.example" } });
        var owner = JsonElement.Parse(await tenant.Http.GetStringAsync("/v1/me")).GetProperty("user").GetProperty("id").GetGuid();

        Assert.That(await Recalled(tenant, owner, $"{shared} {own}"), Is.EqualTo("*** ***"));
        Assert.That(await Recalled(tenant, null, $"{shared} {own}"), Is.EqualTo($"*** {own}"));
        Assert.That(await Recalled(await TestApp.NewTenant(), owner, $"{shared} {own}"), Is.EqualTo($"{shared} {own}"));
    }

    static async Task<string> Recalled(TestTenant tenant, Guid? user, string text)
    {
        var mask = new SecretMask();
        foreach (var former in tenant.App.Services.GetServices<IFormerSecrets>())
        {
            Assert.That(await former.Recall(new FormerUse(tenant.Id, null, user, TimeProvider.System.GetUtcNow()), mask, CancellationToken.None), Is.Null);
        }

        return mask.Apply(text);
    }
}
