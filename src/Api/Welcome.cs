using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AgentPlatform.Api;

/// <summary>What a person who started the program wants to know first.</summary>
static class Welcome
{
    public static Task Print(Platform platform)
    {
        var addresses = platform.App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return Console.Out.WriteLineAsync($"AgentPlatform listens on {string.Join(", ", addresses)}");
    }
}
