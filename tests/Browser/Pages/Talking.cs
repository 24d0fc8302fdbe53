using System.Net.Http.Json;
using AgentPlatform.Browser.Support;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Browser.Pages;

/// <summary>Agents to talk with, and what was said.</summary>
static class Talking
{
    /// <summary>Answers with all that Markdown has.</summary>
    public const string Planner = """
        name: Planner
        description: Makes a plan out of a wish.
        graph:
          nodes:
            - id: plan
              skill: transform
              with:
                text: |
                  ## Plan

                  Three weeks are enough. **Two things** have to be decided first, see [the handbook](https://handbook.example/launch):

                  1. who answers questions from customers
                  2. which regions come first

                  | Week | What | Who |
                  |------|------|-----|
                  | 1 | Prices, texts, `robots.txt` | Kim |
                  | 2 | Rehearsal with ten customers | Ann |
                  | 3 | Launch | everybody |

                  ```javascript
                  // How many days are left.
                  const days = Math.ceil((new Date('2026-12-01') - Date.now()) / 86_400_000);
                  ```

                  > What is not ready then waits for the next one.
        """;

    public static async Task<string> Planned(TestTenant tenant)
    {
        var id = await Begin(tenant, "planner");
        await tenant.Make($"/v1/conversations/{id}/messages", new { content = "We want to launch in December. What does it take?", wait = true });
        await tenant.Make($"/v1/conversations/{id}/messages", new
        {
            content = "And for two regions? The list of customers is attached.",
            wait = true,
            files = new[] { new { name = "customers.csv", media_type = "text/csv", base64 = Convert.ToBase64String("name,region\nKim,north\n"u8) } },
        });
        using var renamed = await tenant.Http.PatchAsync($"/v1/conversations/{id}", JsonContent.Create(new { title = "A plan for the launch" }));
        Assert.That(renamed.IsSuccessStatusCode, Is.True, await renamed.Content.ReadAsStringAsync());
        return id;
    }

    /// <summary>A conversation of which much was replaced.</summary>
    public static async Task<string> Replaced(TestTenant tenant)
    {
        var id = await Begin(tenant, "planner");
        var reply = await tenant.Make($"/v1/conversations/{id}/messages", new { content = "What does a launch take?", wait = true });
        await tenant.Make($"/v1/conversations/{id}/messages/{reply.GetProperty("id").GetString()}/regenerate", new { wait = true });
        return id;
    }

    static async Task<string> Begin(TestTenant tenant, string agent) => (await tenant.Make("/v1/conversations", new { agent })).GetProperty("id").GetString()!;
}
