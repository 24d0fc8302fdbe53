using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Integrations.Mcp;
using AgentPlatform.Domain.Shared.Http;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Execution.Skills.Mail;
using AgentPlatform.Infrastructure.Integrations;
using AgentPlatform.Infrastructure.Integrations.Mcp;
using AgentPlatform.Infrastructure.Integrations.Vendors;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using AgentPlatform.Infrastructure.Shared.Egress;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentPlatform.Unit.Shared.Egress;

/// <summary>One of those who call for a tenant, to an address that the tenant chose.</summary>
/// <param name="Call">Calls a URL and does what it does with the answer. It may throw whatever it likes.</param>
sealed record EgressCaller(string Name, Func<PlayedNetwork, string, CancellationToken, Task> Call)
{
    static readonly ModelOptions Models = ModelOptions.From(new ConfigurationBuilder().Build());
    static readonly McpOptions Mcp = McpOptions.From(new ConfigurationBuilder().Build());

    public static readonly EgressCaller[] All =
    [
        new("http_request", (network, url, ct) => Send(network, new HttpRequestInput { Url = url, Method = "POST", Body = new byte[3] }, ct)),
        new("connector", Connector),
        new("oauth token endpoint", (network, url, ct) => new TokenEndpoint(network.Http).Refresh(new OAuthSpec(url, url, [], [], UsesBasic: false, Issuer: null), new Dictionary<string, string> { ["client_id"] = "me" }, "r", ct)),
        new("vendor", Vendor),
        new("mcp over http", (network, url, ct) => OverMcp(network, url, "http", ct)),
        new("mcp over sse", (network, url, ct) => OverMcp(network, url, "sse", ct)),
        new("mcp authorization", Authorization),
        new("mail", Mail),
        new("any other", Careless),
    ];

    static Task<HttpRequestResult> Send(PlayedNetwork network, HttpRequestInput input, CancellationToken ct) => new HttpRequestCall(network.Http, TimeProvider.System).Send(input with { Timeout = TimeSpan.FromSeconds(5) }, ct);

    /// <summary>As an operation of a skill: its address by the skill's author, what it asks for by whoever calls it.</summary>
    static async Task Connector(PlayedNetwork network, string url, CancellationToken ct)
    {
        var described = JsonSerializer.SerializeToElement(new { method = "GET", url, parameters = new[] { new { name = "page", @in = "query" } } });
        if (HttpOperation.TryRead(described, "", out var operation) is { Count: 0 } && operation!.Build(JsonSerializer.SerializeToElement(new { page = url })) is (var with, null)
            && HttpRequestInput.TryRead(with, out var input, out _))
        {
            await Send(network, input!, ct);
        }
    }

    static async Task Vendor(PlayedNetwork network, string url, CancellationToken ct)
    {
        var vendor = new Vendor("v", "V", "", "none", Protocols.OpenAi, url, default);
        var endpoint = VendorEndpoint.Of(vendor, secret: null, network.Http.Policy);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.At("/chat/completions"));
        using var response = await new VendorHttp(network.Http, Models, TimeProvider.System).Send(endpoint, request, isStream: false, ct);
        await response.Body.CopyToAsync(Stream.Null, ct);
    }

    /// <summary>With an address that nobody checked when it was registered.</summary>
    static async Task OverMcp(PlayedNetwork network, string url, string transport, CancellationToken ct)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            return;
        }

        using var launcher = new McpLauncher();
        var target = new McpTarget(
            Guid.Empty, Guid.Empty, "s", transport, address, Entry: null, new Dictionary<string, string>(), new Dictionary<string, string>(), McpLimits.Default, "", new SecretMask());
        var (session, _) = await new McpConnector(network.Http, launcher, Mcp, TimeProvider.System, NullLogger<McpConnector>.Instance).Connect(target, ct);
        if (session is not null)
        {
            await session.DisposeAsync();
        }
    }

    /// <summary>To a server and to where its authorization server is said to take clients.</summary>
    static async Task Authorization(PlayedNetwork network, string url, CancellationToken ct)
    {
        var client = new McpAuthorizationClient(network.Http, Mcp);
        if (Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            await client.Discover(address, ct);
        }

        await client.Register(new McpAuthorization(null, url, url, url, null, [], [], TellsIssuer: false), "https://here.example/v1/oauth/callback", ct);
    }

    /// <summary>To the host alone: a mail server's port is a matter of its own.</summary>
    static async Task Mail(PlayedNetwork network, string url, CancellationToken ct)
    {
        var authority = url.Split("//", 2)[^1].TrimEnd('/');
        foreach (var host in new[] { authority, authority.LastIndexOf(':') is > 0 and var colon ? authority[..colon] : authority })
        {
            var fields = new Dictionary<string, string> { ["host"] = host, ["port"] = "587", ["username"] = "a@example.com", ["password"] = "p" };
            var secret = new Secret(Guid.Empty, "mail", "basic", fields, ["name.example.com", "good.example.com", host]);
            if (SmtpPlace.Of(secret, network.Http.Policy) is ({ } place, _))
            {
                var (email, _) = Email.Read(JsonSerializer.SerializeToElement(new { to = "b@example.com", text = "t" }), place.DefaultSender, "key");
                using (email)
                {
                    await new SmtpCall(network.Dialer, new GuardedTls(), TimeProvider.System).Send(place, email!, ct);
                }
            }
        }
    }

    /// <summary>Whoever takes a client and looks at nothing: the newest version, as much as comes, redirects by hand.</summary>
    static async Task Careless(PlayedNetwork network, string url, CancellationToken ct)
    {
        using var client = network.Http.CreateClient();
        client.MaxResponseContentBufferSize = 1024 * 1024;
        for (var hop = 0; hop < 3; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = new Version(3, 0), VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher };
            using var response = await client.SendAsync(request, ct);
            if (!response.Headers.NonValidated.TryGetValues("Location", out var location))
            {
                return;
            }

            url = location.ToString();
        }
    }
}
