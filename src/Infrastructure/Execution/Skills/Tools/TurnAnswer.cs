using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Shared.Expressions;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Execution.Skills.Tools;

/// <summary>A call that a model asks for.</summary>
/// <param name="Arguments">An object.</param>
/// <param name="Fault">Why they are none; null when they are.</param>
sealed record WantedCall(string Id, string Name, Datum Arguments, string? Fault);

/// <summary>
/// One answer of a model that may call tools, as its step's output keeps it: everything that the next question must repeat, so that whoever takes
/// the run up again goes on from it without asking anew.
/// </summary>
sealed record TurnAnswer(string Text, IReadOnlyList<WantedCall> Calls, IReadOnlyList<(string Text, string? Protected)> Reasoning, string Model, string FinishReason, Datum Usage, bool IsSimulated)
{
    static readonly Datum NoArguments = Datum.FromObject(new Dictionary<string, Datum>());

    /// <param name="pins">The tools that were offered; null where an earlier answer says so.</param>
    public static Datum Write(ModelAnswer answer, ChatResponse response, IReadOnlyList<ToolPin>? pins)
    {
        var members = new Dictionary<string, Datum> { ["text"] = Datum.From(Storable(response.Text)) };
        var contents = response.Messages.SelectMany(message => message.Contents).ToList();
        if (contents.OfType<TextReasoningContent>().ToList() is { Count: > 0 } reasoning)
        {
            members["reasoning"] = Datum.FromArray([.. reasoning.Select(Thought)]);
        }

        members["tool_calls"] = Datum.FromArray([.. contents.OfType<FunctionCallContent>().Select(Call)]);
        members["model"] = Datum.From(answer.Model);
        members["finish_reason"] = Datum.From(response.FinishReason?.Value ?? "stop");
        members["usage"] = LlmAnswer.UsageOf(answer.Usage);
        members["simulated"] = Datum.From(answer.IsSimulated);
        if (pins is not null)
        {
            members["tools"] = Datum.FromArray([.. pins.Select(pin => pin.ToDatum())]);
        }

        return Datum.FromObject(members);
    }

    /// <summary>Reads an answer back. A person may have put something else in its place: what is missing is empty, and a plain text is the answer.</summary>
    public static TurnAnswer Read(Datum output) => new(
        output.Kind is DatumKind.String ? output.GetString() : output.Text("text") ?? "",
        [.. Items(output, "tool_calls").Where(call => call.Text("id") is not null && call.Text("name") is not null).Select(ReadCall)],
        [.. Items(output, "reasoning").Select(thought => (thought.Text("text") ?? "", thought.Text("protected")))],
        output.Text("model") ?? "",
        output.Text("finish_reason") ?? "stop",
        output.Value("usage") ?? Datum.Null,
        output.Flag("simulated"));

    /// <summary>The tools that the first answer was given with; null where the output does not say.</summary>
    public static IReadOnlyList<ToolPin>? PinsOf(Datum output) =>
        output.Value("tools") is { Kind: DatumKind.Array } pins ? [.. pins.EnumerateItems().Select(ToolPin.Read).OfType<ToolPin>()] : null;

    /// <summary>The answer as the next question repeats it.</summary>
    public ChatMessage ToMessage()
    {
        var contents = new List<AIContent>();
        contents.AddRange(Reasoning.Select(thought => new TextReasoningContent(thought.Text) { ProtectedData = thought.Protected }));
        if (Text.Length > 0)
        {
            contents.Add(new TextContent(Text));
        }

        contents.AddRange(Calls.Select(call => new FunctionCallContent(call.Id, call.Name, Members(call.Arguments))));
        return new ChatMessage(ChatRole.Assistant, contents);
    }

    static Datum Thought(TextReasoningContent content)
    {
        var members = new Dictionary<string, Datum> { ["text"] = Datum.From(Storable(content.Text)) };
        if (content.ProtectedData is { } hidden)
        {
            members["protected"] = Datum.From(Storable(hidden));
        }

        return Datum.FromObject(members);
    }

    static Datum Call(FunctionCallContent call)
    {
        var (arguments, fault) = Arguments(call);
        var members = new Dictionary<string, Datum>
        {
            ["id"] = Datum.From(Storable(call.CallId)),
            ["name"] = Datum.From(Storable(call.Name)),
            ["arguments"] = arguments,
        };
        if (fault is not null)
        {
            members["fault"] = Datum.From(fault);
        }

        return Datum.FromObject(members);
    }

    static (Datum, string?) Arguments(FunctionCallContent call)
    {
        if (call.Exception is not null)
        {
            return (NoArguments, "The arguments are no JSON object.");
        }

        if (call.Arguments is not { Count: > 0 } given)
        {
            return (NoArguments, null);
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(given, AIJsonUtilities.DefaultOptions);
        return StorableJson.Check(json) ? (Engine.Json.Read(json), null) : (NoArguments, "The arguments hold a character, or a number, that cannot be stored.");
    }

    static WantedCall ReadCall(Datum call) => new(
        call.Text("id")!, call.Text("name")!, call.Value("arguments") is { Kind: DatumKind.Object } arguments ? arguments : NoArguments, call.Text("fault"));

    static IEnumerable<Datum> Items(Datum output, string name) => output.Value(name) is { Kind: DatumKind.Array } items ? [.. items.EnumerateItems()] : [];

    static Dictionary<string, object?> Members(Datum arguments) =>
        arguments.EnumerateMembers().ToDictionary(member => member.Key, member => (object?)member.Value.ToJsonElement(), StringComparer.Ordinal);

    /// <summary>PostgreSQL holds neither U+0000 nor half of a surrogate pair.</summary>
    static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
