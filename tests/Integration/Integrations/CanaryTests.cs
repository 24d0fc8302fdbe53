using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Integration.Integrations;

/// <summary>
/// Fifty secrets that nobody else has, of every kind, used in runs whose peers give them back in every way they can; then everything that was stored, said, logged
/// and traced is searched for them, in seven spellings.
/// </summary>
public sealed class CanaryTests
{
    static readonly string[] Kinds = ["api_key", "header", "bearer_token", "basic", "oauth2"];

    /// <summary>How a peer betrays what it was sent.</summary>
    static readonly string[] Ways = ["body", "name", "error", "header", "base64", "hex", "percent", "malformed", "redirect", "retry"];

    [Test]
    public async Task Fifty_secrets_are_found_nowhere()
    {
        var logs = new Logs();
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            // The server's own span is the framework's: without it nothing below belongs to the trace.
            ShouldListenTo = source => source.Name is Telemetry.Name or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var database = await PostgresFixture.NewDatabase();
        var admin = await PostgresFixture.Admin();
        await Sql.Execute(admin, $"alter database {new NpgsqlConnectionStringBuilder(database.Owner).Database} set log_statement = 'all'");
        await Sql.Execute(admin, $"alter database {new NpgsqlConnectionStringBuilder(database.Owner).Database} set log_parameter_max_length = -1");
        await Sql.Execute(admin, $"alter database {new NpgsqlConnectionStringBuilder(database.Owner).Database} set log_parameter_max_length_on_error = -1");
        await using var app = await TestApp.Start(on: database, services: services => services.AddLogging(logging => logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace)));
        var tenant = await app.Tenant();
        tenant.Http.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        var heard = new ConcurrentQueue<string>();
        await using var peer = await Peer.Start((_, http) => Betray(http, heard));

        var canaries = new List<string>();
        var answers = new List<string>();
        foreach (var (kind, way) in from kind in Kinds from way in Ways select (kind, way))
        {
            // With characters that each spelling writes in its own way.
            var canary = kind == "basic" ? OtherCanaries.New() + "é" : OtherCanaries.New();
            canaries.Add(canary);
            answers.AddRange(await Use(tenant, peer, kind, way, canary));
        }

        foreach (var others in new[] { OtherCanaries.Mcp(tenant, heard), OtherCanaries.Mail(tenant, heard), OtherCanaries.Tokens(tenant, heard) })
        {
            var (more, said) = await others;
            canaries.AddRange(more);
            answers.AddRange(said);
        }

        answers.AddRange(await Task.WhenAll(new[] { "/v1/credentials", "/v1/audit-logs?limit=200", "/v1/runs?limit=200", "/v1/agents", "/v1/tool-executions?limit=200", "/v1/queue", "/openapi/v1.json" }.Select(path => tenant.Http.GetStringAsync(path))));
        var dump = await Dump(app);
        // Every statement that the server was sent, with its parameters: more than pg_stat_activity ever shows.
        var statements = await ServerLog(admin);

        var told = string.Join('\n', heard);
        Assert.That(canaries.Where(canary => !told.Contains(canary)), Is.Empty, "each must have been sent, or nothing is proved");
        Assert.That(dump.Contains("***", StringComparison.Ordinal) && dump.Contains("Canary: ", StringComparison.Ordinal), "what was told must have been stored");
        Assert.That(spans.Where(span => span.Kind is ActivityKind.Client), Is.Not.Empty);
        Assert.That(statements, Does.Contain("insert into integrations.credentials").IgnoreCase, "the server must have written down what it was sent");
        var traces = string.Join('\n', spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Value}").Append(span.DisplayName).Append(span.StatusDescription).Concat(span.Events.SelectMany(e => e.Tags.Select(tag => $"{tag.Value}")))));
        var places = new Dictionary<string, string> { ["the database"] = dump, ["the answers"] = string.Join('\n', answers), ["the log"] = logs.ToString(), ["the traces"] = traces, ["the database's log"] = statements };
        var found = from place in places
                    from canary in canaries
                    from spelling in Spellings(canary)
                    where place.Value.Contains(spelling, StringComparison.OrdinalIgnoreCase)
                    select $"{spelling} in {place.Key}";
        Assert.That(found, Is.Empty);
    }

    static IEnumerable<string> Spellings(string canary)
    {
        var bytes = Encoding.UTF8.GetBytes(canary);
        return
        [
            canary, Convert.ToBase64String(bytes), System.Buffers.Text.Base64Url.EncodeToString(bytes), Convert.ToHexString(bytes), Uri.EscapeDataString(canary), JsonSerializer.Serialize(canary)[1..^1],
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{canary}")), canary[7..40],
        ];
    }

    /// <summary>A run that calls the peer, hands on what it said, and asks a model about it.</summary>
    static async Task<IEnumerable<string>> Use(TestTenant tenant, Peer peer, string kind, string way, string canary)
    {
        var name = $"{kind}-{way}";
        object secret = kind switch
        {
            "bearer_token" => new { token = canary },
            "basic" => new { username = "ann", password = canary },
            "oauth2" => new { access_token = canary, client_id = "me" },
            _ => new { api_key = canary },
        };
        await tenant.Http.Credential(new
        {
            name,
            secret,
            auth_type = kind == "header" ? "api_key" : kind,
            header = kind == "header" ? "X-Canary" : null,
            allowed_hosts = new[] { peer.Host() },
        });
        var agent = await tenant.Http.Agent($$$"""
            {
              "nodes": [
                { "id": "call", "skill": "http_request", "credential": "{{{name}}}", "on_error": "continue", "with": { "url": "{{{peer.Url}}}?way={{{way}}}", "follow_redirects": 0 },
                  "retry": { "max_attempts": 2, "initial": "1ms", "on": ["5xx"] } },
                { "id": "again", "skill": "http_request", "on_error": "continue", "with": { "method": "POST", "url": "{{{peer.Url}}}?way=echo", "body": "=call" } },
                { "id": "ask", "skill": "llm", "with": { "model": "sandbox/echo", "prompt": "Canary: {{call}}" } }
              ],
              "edges": [{ "from": "call", "to": "again" }, { "from": "again", "to": "ask" }],
              "output": { "call": "=call", "again": "=again", "said": "=ask.text" }
            }
            """);
        var run = await tenant.Http.Run(agent);
        Assert.That(run.GetProperty("status").GetString(), Is.EqualTo("succeeded"), run.GetRawText());
        var id = run.GetProperty("id").GetGuid();
        var events = await tenant.Http.Events(id);
        return
        [
            run.GetRawText(), string.Join('\n', (await tenant.Http.Steps(id)).Select(step => step.GetRawText())), string.Join('\n', events.Select(e => e.Data)),
            await tenant.Http.GetStringAsync($"/v1/agents/{agent}/definition"), await tenant.Http.GetStringAsync($"/v1/runs/{id}/tree"),
        ];
    }

    static async Task Betray(HttpContext http, ConcurrentQueue<string> heard)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var authorization = http.Request.Headers.Authorization.ToString();
        var sent = authorization.Length > 0 ? authorization[(authorization.IndexOf(' ', StringComparison.Ordinal) + 1)..]
            : http.Request.Headers["X-Api-Key"].ToString() + http.Request.Headers["X-Canary"].ToString();
        if (authorization.StartsWith("Basic ", StringComparison.Ordinal))
        {
            sent = Encoding.UTF8.GetString(Convert.FromBase64String(sent))[4..];
        }

        heard.Enqueue(sent);
        var response = http.Response;
        switch (http.Request.Query["way"].ToString())
        {
            case "body":
                await response.WriteAsJsonAsync(new { all = http.Request.Headers.Select(header => header.Value.ToString()), text = $"You sent {sent}.", nested = JsonSerializer.Serialize(new { sent }) });
                break;
            case "name":
                await response.WriteAsJsonAsync(new Dictionary<string, string> { [sent] = sent.ToUpperInvariant() });
                break;
            case "error":
                response.StatusCode = 400;
                await response.WriteAsync($"Bad key {sent}");
                break;
            case "header":
                response.Headers["X-You-Sent"] = Uri.EscapeDataString(sent) + " " + Convert.ToBase64String(Encoding.UTF8.GetBytes(sent));
                if (sent.All(char.IsAscii))
                {
                    response.Headers["X-Raw"] = sent;
                }

                break;
            case "base64":
                response.ContentType = "application/octet-stream";
                await response.Body.WriteAsync((byte[])[0xff, 0xfe, .. Encoding.UTF8.GetBytes(sent), 0xff]);
                break;
            case "hex":
                await response.WriteAsync(Convert.ToHexString(Encoding.UTF8.GetBytes(sent)));
                break;
            case "percent":
                await response.WriteAsync($"https://a.example/?key={Uri.EscapeDataString(sent)}&form={System.Net.WebUtility.UrlEncode(sent)}");
                break;
            case "malformed":
                response.ContentType = "application/json";
                await response.WriteAsync($"{{\"key\": \"{sent}");
                break;
            case "redirect":
                response.Redirect($"/call?way=echo&key={Uri.EscapeDataString(sent)}");
                break;
            case "retry":
                response.StatusCode = 503;
                await response.WriteAsync(sent);
                break;
            default:
                await response.WriteAsync(body);
                break;
        }
    }

    /// <summary>Every row of every table, as text.</summary>
    static async Task<string> Dump(TestApp app)
    {
        var tables = await Sql.Column(app.Database.Owner, """
            select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema') order by 1
            """);
        var dump = new StringBuilder();
        foreach (var table in tables)
        {
            dump.AppendLine(table);
            foreach (var row in await Sql.Column(app.Database.Owner, $"select t::text from {table} t"))
            {
                // A composite value doubles quotes and backslashes.
                dump.AppendLine(row).AppendLine(row.Replace("\"\"", "\"").Replace("\\\\", "\\"));
            }
        }

        return dump.AppendLine(string.Join('\n', await Sql.Column(app.Database.Owner, "select query from pg_stat_activity where query is not null"))).ToString();
    }

    static async Task<string> ServerLog(string admin)
    {
        var cluster = await Sql.Scalar<string>(admin, "show data_directory");
        return Encoding.UTF8.GetString((await Sql.Scalar<byte[]>(admin, "select pg_read_binary_file($1)", Path.Combine(Path.GetDirectoryName(cluster)!, "postgres.log")))!);
    }

    sealed class Logs : ILoggerProvider, ILogger
    {
        readonly ConcurrentQueue<string> lines = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }

        public override string ToString() => string.Join('\n', lines);
    }
}
