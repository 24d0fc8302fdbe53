using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Shared;

/// <summary>A tenant that has one of everything, made through the API, and another that has the same.</summary>
sealed record EndpointMatrixWorld(EndpointMatrixTenant Mine, EndpointMatrixTenant Theirs)
{
    static readonly Once<EndpointMatrixWorld> Ready = new(async () => await Build(await TestApp.Shared()));

    static readonly Once<EndpointMatrixWorld> Apart = new(async () => await Build(await TestApp.Start()));

    /// <summary>In a program and a database of their own, where nobody else stores anything.</summary>
    public static Task<EndpointMatrixWorld> Alone() => Apart.Value();

    /// <summary>One for all tests that only look, or are refused.</summary>
    public static Task<EndpointMatrixWorld> Shared() => Ready.Value();

    internal static async Task Stop()
    {
        if (Apart.HasStarted)
        {
            await (await Apart.Value()).Mine.Tenant.App.DisposeAsync();
        }
    }

    static async Task<EndpointMatrixWorld> Build(TestApp app) => new(await EndpointMatrixTenant.Build(app), await EndpointMatrixTenant.Build(app));
}

/// <param name="Ids">The value of each path parameter that names one of the tenant's things: ids, never slugs, which both tenants could have.</param>
sealed record EndpointMatrixTenant(TestTenant Tenant, IReadOnlyDictionary<string, string> Ids, TestPerson Viewer, string Revoked, HttpClient Key)
{
    const string Graph = """{ "nodes": [{ "id": "first", "skill": "transform", "with": { "got": "=input" } }] }""";

    public HttpClient Http => Tenant.Http;

    public static async Task<EndpointMatrixTenant> Build(TestApp app)
    {
        var tenant = await app.Tenant();
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (kind, path) in new[] { ("agent", "agents"), ("workflow", "workflows") })
        {
            var agent = await Post(tenant, $"/v1/{path}", new { slug = $"my-{kind}", name = $"My {kind}", kind, tags = new[] { "one" }, features = new[] { "coding" }, graph = Json(Graph) });
            ids[kind] = agent.GetProperty("id").GetString()!;
            var version = await Post(tenant, $"/v1/{path}/{ids[kind]}/versions", new { graph = Json(Graph.Replace("first", "second")), semantic_version = "1.1.0" });
            ids[kind + ".version"] = version.GetProperty("id").GetString()!;
            await Post(tenant, $"/v1/{path}/{ids[kind]}/favorite", null, 200);
            using var draft = await tenant.Http.PutAsJsonAsync($"/v1/{path}/{ids[kind]}/draft", new { graph = Json(Graph) });
            await draft.Json(200);
            ids["key"] = "mode";
            using var config = await tenant.Http.PutAsJsonAsync($"/v1/{path}/{ids[kind]}/config/mode", new { value = "fast" });
            await config.Json(200);
        }

        await Post(tenant, $"/v1/workflows/{ids["workflow"]}/versions", new { graph = Json("""{ "nodes": [{ "id": "call", "skill": "agent", "with": { "agent": "my-agent" } }] }"""), semantic_version = "1.2.0" });
        await Post(tenant, "/v1/tags", new { slug = "my-tag", name = "My tag" });
        ids["skill"] = (await Post(tenant, "/v1/skills", new { slug = "my-skill", name = "My skill", type = "transform", category = "utility", tags = new[] { "my-tag" } })).GetProperty("id").GetString()!;
        ids["skill.version"] = (await Post(tenant, $"/v1/skills/{ids["skill"]}/versions", new { spec = new { with = new { } } })).GetProperty("id").GetString()!;
        using (var bound = await tenant.Http.PutAsJsonAsync($"/v1/agents/{ids["agent"]}/skills/{ids["skill"]}", new { priority = 1 }))
        {
            await bound.Json(200);
        }

        await Post(tenant, $"/v1/agents/{ids["agent"]}/versions", new { graph = Json(Graph.Replace("transform", "my-skill")), semantic_version = "1.2.0" });
        ids["trigger"] = (await Post(tenant, $"/v1/agents/{ids["agent"]}/triggers", new { name = "hook", kind = "webhook" })).GetProperty("id").GetString()!;
        ids["run"] = (await Post(tenant, $"/v1/agents/{ids["agent"]}/runs?wait=true", new { input = new { a = 1 }, idempotency_key = "one" }, 200)).GetProperty("id").GetString()!;
        // Two of what is listed, so that there is a second page.
        await Post(tenant, $"/v1/agents/{ids["agent"]}/runs?wait=true", new { input = new { a = 2 } }, 200);
        await Post(tenant, "/v1/invitations", new { email = $"other@{tenant.Slug}.example", role = "viewer" });
        ids["invitation"] = (await Post(tenant, "/v1/invitations", new { email = $"new@{tenant.Slug}.example", role = "viewer" })).GetProperty("id").GetString()!;
        var viewer = await tenant.Member("viewer");
        using (var me = await viewer.Http.GetAsync("/v1/me"))
        {
            ids["user_id"] = (await me.Json(200)).GetProperty("user").GetProperty("id").GetString()!;
        }

        ids["team"] = (await Post(tenant, "/v1/teams", new { slug = "my-team", name = "My team" })).GetProperty("id").GetString()!;
        await Post(tenant, "/v1/teams", new { slug = "another-team", name = "Another team" });
        using (var joined = await tenant.Http.PutAsJsonAsync($"/v1/teams/{ids["team"]}/members/{ids["user_id"]}", new { role = "lead" }))
        {
            await joined.Json(200);
        }

        using (var sessions = await tenant.Http.GetAsync("/v1/me/sessions"))
        {
            ids["session"] = (await sessions.Json(200)).GetProperty("items")[0].GetProperty("id").GetString()!;
        }

        ids["budget"] = (await Post(tenant, "/v1/budgets", new { name = "All", scope = "tenant", limit_micros = 1_000_000, action = "alert" })).GetProperty("id").GetString()!;
        await Post(tenant, "/v1/budgets", new { name = "Mine", scope = "agent", agent = "my-agent", limit_micros = 1_000_000, action = "alert" });
        ids["bulk"] = (await Post(tenant, "/v1/runs/bulk/cancel", new { filter = new { status = "paused" } }, 202)).GetProperty("id").GetString()!;
        (ids["name"], ids["node_id"], ids["vendor"], ids["approval"]) = ("go", "first", "sandbox", Guid.CreateVersion7().ToString());
        await Sql.Execute(app.Database.Owner, $"""
            insert into execution.approvals (tenant_id, id, run_id, node_id, title) values ('{tenant.Id}', '{ids["approval"]}', '{ids["run"]}', 'ask', 'May I?'),
              ('{tenant.Id}', gen_random_uuid(), '{ids["run"]}', 'ask_again', 'May I now?')
            """);
        ids["conversation"] = (await Post(tenant, "/v1/conversations", new { agent = "my-agent" })).GetProperty("id").GetString()!;
        ids["message_id"] = (await Post(tenant, $"/v1/conversations/{ids["conversation"]}/messages", new { content = "Hello" }, 200)).GetProperty("id").GetString()!;
        ids["index"] = "0";
        await Post(tenant, "/v1/conversations", new { agent = "my-agent", title = "Another" });
        ids["interaction"] = (await Post(tenant, "/v1/interactions", new { title = "Elsewhere" })).GetProperty("id").GetString()!;
        ids["server"] = (await Post(tenant, "/v1/mcp-servers", new { slug = "my-server", name = "My server", url = "https://mcp.example.com/mcp" })).GetProperty("id").GetString()!;
        await Post(tenant, "/v1/mcp-servers", new { slug = "other-server", name = "Other server", url = "https://mcp.example.com/mcp" });
        ids["tool"] = Guid.CreateVersion7().ToString();
        using (var configured = await tenant.Http.PutAsJsonAsync("/v1/mcp-servers/my-server/config", new { enabled = true }))
        {
            await configured.Json(200);
        }

        await Sql.Execute(app.Database.Owner, $$"""
            insert into integrations.mcp_tools (tenant_id, id, mcp_server_id, name, seen, seen_hash) values
              ('{{tenant.Id}}', '{{ids["tool"]}}', '{{ids["server"]}}', 'echo', '{"name":"echo"}', repeat('0', 64)),
              ('{{tenant.Id}}', gen_random_uuid(), '{{ids["server"]}}', 'other', '{"name":"other"}', repeat('1', 64));
            insert into integrations.mcp_tool_executions (tenant_id, id, mcp_server_id, tool_name, status, duration_ms, started_at, completed_at)
              values ('{{tenant.Id}}', gen_random_uuid(), '{{ids["server"]}}', 'echo', 'succeeded', 1, now(), now())
            """);
        await tenant.Member("developer");
        var revoked = await Post(tenant, "/v1/api-keys", new { name = "revoked", scopes = new[] { "*" } });
        using (var gone = await tenant.Http.DeleteAsync($"/v1/api-keys/{revoked.GetProperty("id").GetString()}"))
        {
            await gone.Json(204);
        }

        var untouched = await Post(tenant, "/v1/credentials", new { name = "first", secret = new { api_key = "k" }, allowed_hosts = new[] { "api.example.com" } });
        ids["credential"] = (await Post(tenant, "/v1/credentials", new { name = "my-credential", secret = new { api_key = "k" }, allowed_hosts = new[] { "api.example.com" } })).GetProperty("id").GetString()!;
        await Post(tenant, "/v1/integrations", new { slug = "first", name = "First", auth_type = "none", spec = new { } });
        ids["integration"] = (await Post(tenant, "/v1/integrations", new { slug = "my-integration", name = "Mine", auth_type = "none", spec = new { } })).GetProperty("id").GetString()!;
        await Transient(tenant, ids["run"], untouched.GetProperty("id").GetString()!);
        ids["api-key"] = (await Post(tenant, "/v1/api-keys", new { name = "other", scopes = new[] { "agents:read" } })).GetProperty("id").GetString()!;
        return new(tenant, ids, viewer, revoked.GetProperty("key").GetString()!, await tenant.ApiKey("admin:read"));
    }

    /// <summary>Rows that live for moments only, as the queue writes them.</summary>
    static Task Transient(TestTenant tenant, string run, string credential) => Sql.Execute(tenant.App.Database.Owner, $"""
        select platform.book_usage('{tenant.Id}', billing.ledger_id('{run}', i::text), '{run}', null, null, null,
          jsonb_build_array(jsonb_build_object('service', 'a/b', 'currency', 'USD', 'tokens_prompt', 1, 'tokens_completion', 1, 'tokens_cached', 0, 'tokens_reasoning', 0, 'units', 0,
            'api_calls', 1, 'cost_micros', 1, 'is_estimated', false)), now())
          from generate_series(1, 2) i;
        insert into execution.tool_executions (tenant_id, id, request_id, run_id, agent_id, tool_name, status, started_at)
          select tenant_id, gen_random_uuid(), 'request', id, agent_id, 'tool', 'running', now() from execution.runs, generate_series(1, 2) where tenant_id = '{tenant.Id}' and id = '{run}';
        insert into execution.flow_limits (tenant_id, name, max_running) values ('{tenant.Id}', 'tenant', 100);
        insert into execution.flow_places (tenant_id, key, run_id) values ('{tenant.Id}', 'tenant', '{run}');
        insert into execution.flow_debounces (tenant_id, key, run_id, since, opens_at) values ('{tenant.Id}', 'trigger:1', '{run}', now(), now());
        insert into integrations.consent_waits (tenant_id, credential_id, run_id) values ('{tenant.Id}', '{credential}', '{run}');
        insert into integrations.oauth_flows (tenant_id, id, credential_id, state_hash, browser_hash, code_verifier, redirect_uri, expires_at)
          values ('{tenant.Id}', gen_random_uuid(), '{credential}', sha256(gen_random_uuid()::text::bytea), sha256(gen_random_uuid()::text::bytea), '\x00', 'https://a.example', now());
        insert into execution.flow_rates (tenant_id, key, slot, starts_at, ends_at) values ('{tenant.Id}', 'trigger:1', 0, now(), now());
        """);

    static async Task<JsonElement> Post(TestTenant tenant, string path, object? body, int status = 201)
    {
        using var answer = body is null ? await tenant.Http.PostAsync(path, null) : await tenant.Http.PostAsJsonAsync(path, body);
        return await answer.Json(status);
    }

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
