using AgentPlatform.Api.Seed;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AgentPlatform.Api;

/// <summary>What a person who started the program wants to know first: where it is, how to get in, and one line to try it with.</summary>
static class Welcome
{
    public static Task Print(Platform platform)
    {
        var services = platform.App.Services;
        var addresses = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return Console.Out.WriteLineAsync(Text([.. addresses], services.GetRequiredService<NodeRoles>(), services.GetService<DemoSeed>()));
    }

    internal static string Text(IReadOnlyList<string> addresses, NodeRoles roles, DemoSeed? seed)
    {
        var url = Reachable(addresses[0]);
        var lines = new List<string> { $"AgentPlatform listens on {string.Join(", ", addresses)} (roles: {roles})" };
        if (!roles.IsApi)
        {
            return lines[0] + "\n";
        }

        if (seed?.Access is { } access)
        {
            lines.Add($"Demo tenant: {access.Email}, password {access.Password} (as it was made; see {seed.FilePath})");
        }

        else if (seed is { IsThere: true })
        {
            lines.Add($"There is a demo tenant, but how to get in is not in {seed.FilePath}; see the node that made it");
        }

        lines.AddRange(seed is { Access: { } known, Live: { } webhook }
            ? ["Fire one of its webhooks:", "", DemoDelivery.Command(url, known.Tenant, webhook, DemoAgents.Sample(webhook.Agent)), ""]
            : ["Sign up:", "", SignUp(url), ""]);
        return string.Join('\n', lines);
    }

    static string SignUp(string url) =>
        $"curl -sS {url}/v1/signup -H 'content-type: application/json' -d "
        + """'{"email":"you@acme.example","password":"replace this by your own","name":"You","tenant":{"name":"Acme","slug":"acme"}}'""";

    /// <summary>An address to call: a server that listens everywhere is here as well.</summary>
    static string Reachable(string address)
    {
        var url = new UriBuilder(address.Replace("//*", "//127.0.0.1", StringComparison.Ordinal).Replace("//+", "//127.0.0.1", StringComparison.Ordinal));
        if (url.Host is "0.0.0.0" or "[::]")
        {
            url.Host = "127.0.0.1";
        }

        return url.Uri.GetLeftPart(UriPartial.Authority);
    }
}
