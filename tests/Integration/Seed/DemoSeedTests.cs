using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Api;
using AgentPlatform.Api.Seed;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Postgres;
using AgentPlatform.Integration.Support;
using AgentPlatform.Integration.Tour;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Seed;

/// <summary>The demo tenant, from an empty database to its agents' answers.</summary>
public sealed class DemoSeedTests
{
    string data = null!;

    [SetUp]
    public void MakeDirectory() => data = Directory.CreateTempSubdirectory("agentplatform-demo-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(data, recursive: true);

    [Test]
    public async Task Makes_a_tenant_that_its_printed_password_opens()
    {
        await using var app = await Start();
        var file = new FileInfo(Path.Combine(data, "demo.json"));
        var access = Access(app);
        using var person = new TestPerson(app);
        using var login = await person.Http.PostAsJsonAsync("/v1/login", new { email = access.Email, password = access.Password });
        var signedIn = await login.Json(200);
        Assert.Multiple(() =>
        {
            Assert.That(signedIn.GetProperty("tenant").GetProperty("slug").GetString(), Is.EqualTo("demo"));
            Assert.That(Printed(app), Does.Contain(access.Password));
            if (!OperatingSystem.IsWindows())
            {
                Assert.That(file.UnixFileMode, Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            }
        });
    }

    /// <summary>Each sample goes through the line that people are given to paste: signature, webhook, run, answer.</summary>
    [Test]
    public async Task Every_agent_answers_its_sample_exactly()
    {
        await using var app = await Start();
        var access = Access(app);
        foreach (var (agent, expected) in Expected)
        {
            var webhook = access.Webhooks.Single(w => w.Agent == agent);
            var command = DemoDelivery.Command(Origin(app), access.Tenant, webhook, DemoAgents.Sample(agent));
            var (code, output, errors) = await Bash.Run(["-c", command]);
            Assert.That(code, Is.Zero, errors);
            Assert.That(JsonElement.DeepEquals(Parse(output), Parse(expected)), Is.True, () => $"{agent} answered {output}");
        }
    }

    [Test]
    public async Task The_triage_refuses_spam_with_an_error_that_says_why()
    {
        await using var app = await Start();
        using var person = await Owner(app);
        var spam = new
        {
            issue = new { number = 8, title = "FREE CRYPTO here", body = (string?)null, labels = Array.Empty<object>(), user = new { login = "bot" } },
            repository = new { full_name = "acme/app" },
        };
        using var answer = await person.Http.PostAsJsonAsync("/v1/agents/triage-issue/runs?wait=true", new { input = spam });
        var run = await answer.Json(200);
        Assert.Multiple(() =>
        {
            Assert.That(run.GetProperty("status").GetString(), Is.EqualTo("failed"));
            Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("spam"));
            Assert.That(run.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo("#8 of acme/app looks like spam."));
            Assert.That(run.GetProperty("error").GetProperty("node").GetString(), Is.EqualTo("refuse"));
        });
    }

    [Test]
    public async Task What_its_user_deleted_stays_deleted()
    {
        var database = await PostgresFixture.NewDatabase();
        string password;
        await using (var first = await Start(database))
        {
            password = Access(first).Password;
            using var person = await Owner(first);
            using var deleted = await person.Http.DeleteAsync("/v1/agents/route-lead");
            await deleted.Json(204);
        }

        await using var second = await Start(database);
        using var again = await Owner(second);
        using var answer = await again.Http.GetAsync("/v1/agents/route-lead");
        await answer.Problem(404, "agent_not_found");
        Assert.That(Access(second).Password, Is.EqualTo(password));
    }

    [Test]
    public async Task Prints_no_delivery_that_would_be_refused()
    {
        await using var app = await Start();
        using var person = await Owner(app);
        foreach (var webhook in Access(app).Webhooks)
        {
            using var disabled = await person.Http.PostAsync($"/v1/triggers/{webhook.TriggerId}/disable", null);
            await disabled.Json(200);
        }

        var seed = app.Services.GetRequiredService<DemoSeed>();
        await seed.StartAsync(CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(seed.Live, Is.Null);
            Assert.That(Printed(app), Does.Not.Contain("/hooks/"));
        });
    }

    [Test]
    public async Task Ten_nodes_at_once_make_one()
    {
        await using var app = await TestApp.Start();
        var kept = 0;
        var made = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new SeedDemo("a password of the demo", DemoAgents.All(), _ => Interlocked.Increment(ref kept)));
        }));
        var tenant = made.Single(one => one.IsOk).Value.TenantId;
        var agents = await Sql.Scalar<long>(Sql.ForTenant(app.Database.Owner, tenant), "select count(*) from agents.agents where tenant_id = current_setting('app.tenant_id')::uuid");
        Assert.Multiple(() =>
        {
            Assert.That(made.Where(one => !one.IsOk).Select(one => one.Error!.Code), Is.All.AnyOf("email_taken", "slug_taken"));
            Assert.That(kept, Is.EqualTo(1));
            Assert.That(agents, Is.EqualTo(3));
        });
    }

    [Test]
    public async Task A_tenant_whose_password_cannot_be_kept_is_not_made()
    {
        var database = await PostgresFixture.NewDatabase();
        await File.WriteAllTextAsync(Path.Combine(data, "a-file"), "");
        Assert.That(async () => await Start(database, Path.Combine(data, "a-file", "below")), Throws.TypeOf<StartException>().With.Message.Contains("demo.json"));
        await using var app = await TestApp.Start(on: database);
        using var anybody = app.Anonymous();
        using var signup = await anybody.PostAsJsonAsync(
            "/v1/signup", new { email = SeedDemo.Email, password = TestPerson.Password, name = "Ann", tenant = new { name = "Demo", slug = "demo" } });
        await signup.Json(201);
    }

    [Test]
    public async Task A_node_that_did_not_make_it_prints_no_password()
    {
        var database = await PostgresFixture.NewDatabase();
        await using var first = await Start(database, Path.Combine(data, "one"));
        await using var second = await Start(database, Path.Combine(data, "two"));
        var seed = second.Services.GetRequiredService<DemoSeed>();
        Assert.Multiple(() =>
        {
            Assert.That(seed.IsThere, Is.True);
            Assert.That(seed.Access, Is.Null);
            Assert.That(Printed(second), Does.Contain("There is a demo tenant").And.Not.Contain("/hooks/").And.Not.Contain(Access(first).Password));
        });
    }

    [Test]
    public async Task Without_the_setting_there_is_no_demo_and_no_word_of_it()
    {
        await using var app = await TestApp.Start();
        Assert.Multiple(() =>
        {
            Assert.That(app.Services.GetService<DemoSeed>(), Is.Null);
            Assert.That(Welcome.Text([app.Address.ToString()], NodeRoles.All, null), Does.Contain("/v1/signup").And.Not.Contain("demo"));
        });
    }

    [TestCase("perhaps")]
    [TestCase("1")]
    public void Refuses_a_setting_that_is_neither_true_nor_false(string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Seed:Demo", value)]).Build();
        Assert.That(() => DemoSeed.IsWanted(configuration), Throws.TypeOf<StartException>().With.Message.EqualTo($"Seed__Demo is {value}; it takes true or false."));
    }

    static readonly Dictionary<string, string> Expected = new(StringComparer.Ordinal)
    {
        ["triage-issue"] = """
            {
              "issue": "acme/app#7", "kind": "bug", "priority": "urgent", "team": "core",
              "reply": "Thank you for the report, @ann. Which version is it, and what are the steps that lead there?"
            }
            """,
        ["route-lead"] = """
            {
              "lead": { "email": "maria@Keller-Logistics.example", "domain": "keller-logistics.example", "segment": "mid-market", "region": "EMEA", "is_business": true },
              "signals": ["pricing", "demo", "this quarter"],
              "route": { "tier": "hot", "score": 90, "owner": "account-executive-EMEA", "answer_within_hours": 1, "next": "Call Maria today." }
            }
            """,
        ["summarise-feed"] = """
            {
              "title": "Acme engineering", "items": 4,
              "topics": [{ "topic": "database", "items": 2 }, { "topic": "security", "items": 1 }, { "topic": "untagged", "items": 1 }],
              "digest": "# Acme engineering\n- [Row-level security in practice](https://acme.example/rls), 2026-11-03\n- [Signed webhooks](https://acme.example/hooks), 2026-10-12\n- [How we store runs](https://acme.example/runs), 2026-09-01\n",
              "summary": "[simulated] You said: Summarise in two sentences what is new in Acme engineering: Row-level security in practice (2026-11-03). Signed webhooks (2026-10-12). How we store runs (2026-09-01). ",
              "simulated": true
            }
            """,
    };

    Task<TestApp> Start(DatabaseConnections? on = null, string? directory = null) => TestApp.Start(
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Seed:Demo"] = "true",
            ["AGENTPLATFORM_DATA"] = directory ?? data,
            ["Encryption:KeyFile"] = Path.Combine(data, "keys", "master.key"),
        },
        on: on);

    static DemoAccess Access(TestApp app) => app.Services.GetRequiredService<DemoSeed>().Access!;

    static async Task<TestPerson> Owner(TestApp app)
    {
        var person = new TestPerson(app);
        using var login = await person.Http.PostAsJsonAsync("/v1/login", new { email = Access(app).Email, password = Access(app).Password });
        person.Accept(await login.Json(200));
        return person;
    }

    static string Printed(TestApp app) => Welcome.Text([Origin(app)], NodeRoles.All, app.Services.GetRequiredService<DemoSeed>());

    static string Origin(TestApp app) => app.Address.GetLeftPart(UriPartial.Authority);

    static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
