using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Shared;

/// <summary>Whatever is sent, the answer is a problem with a code and a place, never a 500, and nothing is stored. Every endpoint that reads JSON is asked.</summary>
public sealed class BadInputTests
{
    const int Seed = 20_260_901;

    /// <summary>The endpoints that read a definition read YAML too, and so take what JSON's rules would refuse; they have their own tests.</summary>
    static IEnumerable<EndpointMatrixRow> Rows() => EndpointMatrixRows.All.Where(row => row.Body is not null && !row.Route.EndsWith("/definition", StringComparison.Ordinal));

    /// <summary>One test for one endpoint and all cases, so that the rows of the whole database are counted twice and not a hundred times.</summary>
    [Test]
    [NonParallelizable]
    public async Task Every_spoilt_body_is_refused_with_a_code_and_nothing_is_stored()
    {
        var world = await EndpointMatrixWorld.Alone();
        var before = await Rows(world.Mine.Tenant);
        var wrong = new List<string>();
        foreach (var row in Rows())
        {
            foreach (var bad in BadInputCase.All.Where(bad => !IsOptional(row) || bad.Name != "an empty body"))
            {
                using var answer = await Send(world.Mine, row, bad.Body(JsonNode.Parse(row.Body!)!.AsObject()), bad.MediaType);
                var text = await answer.Content.ReadAsStringAsync();
                if (!bad.Statuses.Contains((int)answer.StatusCode) || !IsProblem(answer, text))
                {
                    wrong.Add($"{row} with {bad}: {(int)answer.StatusCode} {text[..Math.Min(300, text.Length)]}");
                }
            }
        }

        Assert.That(wrong, Is.Empty);
        Assert.That(await Rows(world.Mine.Tenant), Is.EqualTo(before));
    }

    [TestCase("not-a-uuid")]
    [TestCase("00000000-0000-0000-0000-00000000000")]
    [TestCase("0")]
    [TestCase("%00")]
    [TestCase("%ED%A0%80")]
    [TestCase("%FF")]
    [TestCase("..%2f..%2fetc%2fpasswd")]
    [TestCase("' or true--")]
    [TestCase("{}")]
    [TestCase("-starts-with-a-dash")]
    [TestCase("UPPER")]
    [TestCase("café")]
    [TestCase("\ud83d\ude00")]
    public async Task A_bad_id_or_slug_in_the_path_is_a_problem(string value)
    {
        var world = await EndpointMatrixWorld.Shared();
        var wrong = new List<string>();
        foreach (var (row, parameter) in EndpointMatrixRows.All.SelectMany(row => row.Parameters.Select(parameter => (row, parameter))))
        {
            if (row.Method == "PUT" && row.Route.EndsWith("/definition", StringComparison.Ordinal))
            {
                // It makes what is not there, and some of these are slugs.
                continue;
            }

            using var request = row.Request(name => name == parameter ? value : world.Mine.Ids.GetValueOrDefault(row.NameOf(name)) ?? "none");
            using var answer = await world.Mine.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            // The web server itself refuses a NUL in an address, before any of our code could explain it.
            if (!(value == "%00" && (int)answer.StatusCode == 400) && ((int)answer.StatusCode is not (400 or 404 or 405 or 422) || !IsProblem(answer, text)))
            {
                wrong.Add($"{row} {parameter}: {(int)answer.StatusCode} {text}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [TestCase("limit=0")]
    [TestCase("limit=201")]
    [TestCase("limit=-1")]
    [TestCase("limit=x")]
    [TestCase("limit=99999999999999999999")]
    [TestCase("cursor=x")]
    [TestCase("cursor=AAAA")]
    [TestCase("cursor=%00")]
    [TestCase("cursor=e30")]
    public async Task A_bad_page_is_a_problem_on_every_list(string query)
    {
        var world = await EndpointMatrixWorld.Shared();
        string[] lists = ["/v1/agents", "/v1/workflows", "/v1/skills", "/v1/tags", "/v1/runs", "/v1/members", "/v1/invitations", "/v1/api-keys", "/v1/audit-logs", "/v1/approvals", "/v1/conversations", "/v1/interactions", "/v1/teams",
            $"/v1/teams/{world.Mine.Ids["team"]}/members", $"/v1/agents/{world.Mine.Ids["agent"]}/versions", $"/v1/agents/{world.Mine.Ids["agent"]}/triggers", $"/v1/skills/{world.Mine.Ids["skill"]}/versions", $"/v1/runs/{world.Mine.Ids["run"]}/steps"];
        foreach (var list in lists)
        {
            using var answer = await world.Mine.Http.GetAsync($"{list}?{query}");
            Assert.That((int)answer.StatusCode, Is.AnyOf(400, 422), list);
            Assert.That(IsProblem(answer, await answer.Content.ReadAsStringAsync()), list);
        }
    }

    [TestCase("/v1/agents?status=%00")]
    [TestCase("/v1/agents?q=%00")]
    [TestCase("/v1/agents?tag=%00")]
    [TestCase("/v1/agents?uses_skill=%00")]
    [TestCase("/v1/agents?feature=%00")]
    [TestCase("/v1/agents?favorite=perhaps")]
    [TestCase("/v1/agents?kind=robot")]
    [TestCase("/v1/skills?q=%00")]
    [TestCase("/v1/skills?type=%00")]
    [TestCase("/v1/skills?category=%00")]
    [TestCase("/v1/skills?tag=%00")]
    [TestCase("/v1/runs?agent=%00")]
    [TestCase("/v1/runs?status=%00")]
    [TestCase("/v1/runs?trigger=x")]
    [TestCase("/v1/runs?since=yesterday")]
    [TestCase("/v1/runs?error_code=%00")]
    [TestCase("/v1/approvals?status=%00")]
    [TestCase("/v1/conversations?q=%00a")]
    [TestCase("/v1/conversations?q=a")]
    [TestCase("/v1/conversations?status=x")]
    [TestCase("/v1/conversations?user=x")]
    [TestCase("/v1/interactions?tag=%00")]
    [TestCase("/v1/interactions?status=x")]
    [TestCase("/v1/interactions?conversation=x")]
    [TestCase("/v1/approvals?run=x")]
    [TestCase("/v1/approvals?mine=perhaps")]
    [TestCase("/v1/audit-logs?action=%00")]
    [TestCase("/v1/audit-logs?resource_type=%00")]
    [TestCase("/v1/audit-logs?actor=x")]
    [TestCase("/v1/audit-logs/verify?anchor_seq=x")]
    [TestCase("/v1/audit-logs/verify?anchor_seq=1&anchor_hash=%00")]
    public async Task A_bad_filter_finds_nothing_or_is_a_problem(string path)
    {
        var world = await EndpointMatrixWorld.Shared();
        using var answer = await world.Mine.Http.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That((int)answer.StatusCode == 200 ? text.Contains("\"items\":[]", StringComparison.Ordinal) : (int)answer.StatusCode < 500 && IsProblem(answer, text), Is.True, $"{(int)answer.StatusCode} {text}");
    }

    [TestCase("If-Match", "x")]
    [TestCase("If-Match", "\"zz\"")]
    [TestCase("If-Match", "\"ffffffffffffffffffff\"")]
    [TestCase("Idempotency-Key", "")]
    [TestCase("Idempotency-Key", "a b")]
    [TestCase("Authorization", "Bearer")]
    [TestCase("Authorization", "Bearer ap_x_y_z")]
    [TestCase("Authorization", "Basic YTpi")]
    public async Task A_bad_header_is_a_problem(string name, string value)
    {
        var world = await EndpointMatrixWorld.Shared();
        var wrong = new List<string>();
        foreach (var row in EndpointMatrixRows.All.Where(row => row.Needs.Contains(':') && row.Method is ("POST" or "PATCH")))
        {
            using var request = row.Request(_ => Guid.CreateVersion7().ToString());
            request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await world.Mine.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            // A header that the endpoint does not look at changes nothing.
            if ((int)answer.StatusCode >= 500 || ((int)answer.StatusCode >= 400 && !IsProblem(answer, text)) || (name != "If-Match" && row.Method == "POST" && (int)answer.StatusCode < 400))
            {
                wrong.Add($"{row}: {(int)answer.StatusCode} {text}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    /// <summary>2 000 bodies, each a valid one with one to three random changes; what is accepted may be stored.</summary>
    [Test]
    public async Task No_mutated_body_breaks_the_server()
    {
        var world = await EndpointMatrixWorld.Alone();
        var rows = Rows().ToArray();
        var random = new Random(Seed);
        var requests = Enumerable.Range(0, 2_000).Select(_ =>
        {
            var row = rows[random.Next(rows.Length)];
            return (Row: row, Body: BadInputMutator.Mutate(row.Body!, random));
        }).ToList();
        var broken = new System.Collections.Concurrent.ConcurrentBag<string>();

        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (request, ct) =>
        {
            using var answer = await Send(world.Theirs, request.Row, request.Body, "application/json");
            if ((int)answer.StatusCode >= 500 || ((int)answer.StatusCode >= 400 && !IsProblem(answer, await answer.Content.ReadAsStringAsync(ct))))
            {
                broken.Add($"{request.Row}: {(int)answer.StatusCode} for {System.Text.Encoding.UTF8.GetString(request.Body)}");
            }
        });

        Assert.That(broken, Is.Empty);
    }

    static async Task<HttpResponseMessage> Send(EndpointMatrixTenant tenant, EndpointMatrixRow row, byte[] body, string mediaType)
    {
        using var request = row.Request(name => tenant.Ids[row.NameOf(name)]);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        // Whoever announces too much is refused before sending it; without asking first, the refusal meets a body on its way.
        request.Headers.ExpectContinue = body.Length > 1024 * 1024;
        return await tenant.Http.SendAsync(request);
    }

    static bool IsProblem(HttpResponseMessage answer, string text)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return false;
        }

        var problem = JsonDocument.Parse(text).RootElement;
        return problem.GetProperty("code").GetString() is { Length: > 0 } code && code != "internal"
            && problem.GetProperty("status").GetInt32() == (int)answer.StatusCode
            // Where the input is at fault, the place is said.
            && ((int)answer.StatusCode != 422 || !problem.TryGetProperty("errors", out var errors) || errors.EnumerateArray().All(e => e.GetProperty("pointer").GetString() is not null));
    }

    /// <summary>Where no body at all is fine, and means the defaults.</summary>
    static bool IsOptional(EndpointMatrixRow row) => row.Method == "PUT"
        || row.Route.EndsWith("/tools/{tool}/skill", StringComparison.Ordinal)
        || row.Route.EndsWith("/draft/run", StringComparison.Ordinal)
        || new[] { "clone", "test", "deprecate", "cancel", "pause", "resume", "replay", "approve", "reject", "{name}", "call", "publish", "regenerate" }.Contains(row.Route.Split('/')[^1], StringComparer.Ordinal);

    /// <summary>How many rows each table holds, but for those that count failed log-ins and refusals: they are written because of bad input.</summary>
    static async Task<IReadOnlyList<string>> Rows(TestTenant tenant) => await Sql.Column(tenant.App.Database.Owner, """
        select c.oid::regclass || ' ' || (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s', c.oid::regclass), true, true, '')))[1]::text
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('platform', 'tenants', 'agents', 'execution', 'integrations', 'billing')
          and c.oid::regclass::text not in ('tenants.login_throttles')
        order by 1
        """);
}
