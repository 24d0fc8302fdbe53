using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Execution.Tools;

/// <summary>Models that say what the test says. Which test's a question is stands in its model's name: <c>scripted/name</c>.</summary>
sealed class ScriptedModels : IModels
{
    readonly ConcurrentDictionary<string, Script> scripts = new();

    public static ScriptedModels Shared { get; } = new();

    static readonly Once<TestApp> App = new(() => TestApp.Start(services: Use));

    /// <summary>A tenant of one's own in a program whose models are these.</summary>
    public static async Task<TestTenant> NewTenant() => await (await App.Value()).Tenant();

    public static async Task Stop()
    {
        if (App.HasStarted)
        {
            await (await App.Value()).DisposeAsync();
        }
    }

    public static void Use(IServiceCollection services) => services.AddSingleton(provider => new LlmCalls(Shared, provider.GetRequiredService<Spending>()));

    /// <param name="turns">What is said to the first question, the second, and so on; the last to all that follow.</param>
    /// <returns>The script; its name is the model's.</returns>
    public static Script Say(params IReadOnlyList<Turn> turns)
    {
        var script = new Script($"scripted/{Guid.CreateVersion7():n}", turns);
        Shared.scripts[script.Model] = script;
        return script;
    }

    public static Turn Text(string text) => _ => [new TextContent(text)];

    /// <summary>The vendor is out of order.</summary>
    public static Turn Fail() => _ => [new ErrorContent("down")];

    /// <param name="calls">Name and arguments as JSON.</param>
    public static Turn Call(params IReadOnlyList<(string Tool, string Arguments)> calls) => _ =>
        [.. calls.Select((call, i) => (AIContent)new FunctionCallContent($"call-{i}", call.Tool, JsonSerializer.Deserialize<Dictionary<string, object?>>(call.Arguments)))];

    public async Task<ModelAnswer> Ask(ModelQuestion question, CancellationToken ct)
    {
        var script = scripts[question.Models[0]];
        var number = script.Count(question);
        await script.Gate(number).WaitAsync(ct);
        var message = new ChatMessage(ChatRole.Assistant, [.. script.Turns[Math.Min(number, script.Turns.Count) - 1](question)]);
        var isDown = message.Contents.OfType<ErrorContent>().Any();
        return new ModelAnswer(
            isDown ? null : new ChatResponse(message) { FinishReason = ChatFinishReason.Stop },
            isDown ? new SkillError("vendor_down", "The vendor is out of order.", SkillErrorClass.ServerStatus, Retryable: true) : null,
            script.Model,
            [new SkillUsage(script.Model) { TokensPrompt = 10, TokensCompletion = 5, CostMicros = 100 }]);
    }

    public ValueTask<ModelQuote> Quote(ModelQuestion question, CancellationToken ct) => new(new ModelQuote(question.Models[0], 100));
}

delegate IEnumerable<AIContent> Turn(ModelQuestion question);

/// <summary>What one test's model says, and what it was asked.</summary>
sealed class Script(string model, IReadOnlyList<Turn> turns)
{
    readonly ConcurrentQueue<ModelQuestion> questions = new();
    readonly Channel<ModelQuestion> arrived = Channel.CreateUnbounded<ModelQuestion>();

    public string Model => model;

    public IReadOnlyList<Turn> Turns => turns;

    public IReadOnlyList<ModelQuestion> Questions => [.. questions];

    /// <summary>What is waited for before a question is answered, by its number.</summary>
    public Func<int, Task> Gate { get; set; } = _ => Task.CompletedTask;

    /// <summary>What the tools gave, as the question with this number (from 1 on) tells the model.</summary>
    public List<string> Results(int question) =>
        [.. Questions[question - 1].Messages.Where(message => message.Role == ChatRole.Tool).SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => (string)result.Result!)];

    public int Count(ModelQuestion question)
    {
        questions.Enqueue(question);
        arrived.Writer.TryWrite(question);
        return questions.Count;
    }

    /// <summary>Waits until one question more has come in.</summary>
    public async Task Arrival() => await arrived.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>A graph with one node that asks this model.</summary>
    /// <param name="more">Further parameters, each after a comma.</param>
    public string Graph(string more = "", string node = "") =>
        $$"""{ "nodes": [{ "id": "answer", "skill": "llm", "with": { "model": "{{model}}", "prompt": "Do it."{{more}} }{{node}} }] }""";
}
