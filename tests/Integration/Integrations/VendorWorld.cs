using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Integrations;

/// <summary>A program that is less patient with vendors than the real one, shared by the tests of models; and what they ask.</summary>
static class VendorWorld
{
    /// <summary>Made at run time: nothing in this repository looks like a key.</summary>
    public static readonly string Key = $"key-{Guid.CreateVersion7():n}";

    static readonly Once<TestApp> App = new(() => TestApp.Start(new Dictionary<string, string?>
    {
        ["Models:FirstByteSeconds"] = "2",
        ["Models:BetweenChunksSeconds"] = "2",
        ["Models:TotalSeconds"] = "10",
        ["Models:PauseMilliseconds"] = "1",
        ["Models:BreakAfter"] = "6",
        ["Models:BreakSeconds"] = "3600",
    }));

    public static Task<TestApp> Running() => App.Value();

    public static async Task Stop()
    {
        if (App.HasStarted)
        {
            await (await App.Value()).DisposeAsync();
        }
    }

    /// <summary>A tenant with keys for these vendors, all of them this fake.</summary>
    public static async Task<TestTenant> Tenant(FakeVendor vendor, params string[] vendors)
    {
        var tenant = await (await Running()).Tenant();
        foreach (var id in vendors)
        {
            await AddKey(tenant, id, vendor.Url);
        }

        return tenant;
    }

    public static async Task AddKey(TestTenant tenant, string vendor, string url)
    {
        using var answer = await tenant.Http.PostAsJsonAsync("/v1/credentials", new { name = $"{vendor}-key", vendor, secret = new { api_key = Key, base_url = url } });
        await answer.Json(201);
    }

    public static async Task<ModelAnswer> Ask(
        TestTenant tenant, IReadOnlyList<string> models, List<ChatMessage>? messages = null, ChatOptions? options = null, Action<string>? onText = null, CancellationToken ct = default) =>
        await (await Running()).Services.GetRequiredService<IModels>().Ask(
            new ModelQuestion(tenant.Id, models, messages ?? [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hello")], options ?? new ChatOptions(), "run/step", OnText: onText), ct);

    public static Task<ModelAnswer> Ask(TestTenant tenant, string model, Action<string>? onText = null) => Ask(tenant, [model], onText: onText);

    public static async Task<MediaAnswer> Make(MediaQuestion question, CancellationToken ct = default) => await (await Running()).Services.GetRequiredService<IMedia>().Make(question, ct);

    public static SpeechQuestion Speech(TestTenant tenant, string text = "Good morning.", string model = "elevenlabs/flash-v2.5") => new(tenant.Id, model, "run/step", text);

    public static ImageQuestion Image(TestTenant tenant, string prompt = "A red house.", string model = "stability/core") => new(tenant.Id, model, "run/step", prompt);

    public static ChatOptions Tools(params string[] names) => new()
    {
        Tools = [.. names.Select(name => AIFunctionFactory.CreateDeclaration(name, $"Does {name}.", JsonElement.Parse("""{ "type": "object", "properties": { "city": { "type": "string" } } }"""), null))],
    };

    public static List<FunctionCallContent> Calls(ModelAnswer answer) => [.. answer.Response!.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()];
}
