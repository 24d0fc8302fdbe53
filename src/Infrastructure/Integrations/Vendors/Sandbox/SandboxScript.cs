using System.Globalization;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;

/// <summary>
/// What the sandbox answers. In the last user message, a line
/// <c>call: tool {json}</c> makes it call that tool (several lines: several calls at once), <c>always: tool {json}</c> again after every result,
/// and <c>answer: text</c> makes it say exactly that in the end. Otherwise it says what it heard, or a value that fits the schema that was asked for.
/// </summary>
static class SandboxScript
{
    const int MaxEcho = 2000;

    public static List<FunctionCallContent> Calls(IReadOnlyList<ChatMessage> messages)
    {
        var isAnswered = messages is [.., { } last] && last.Role == ChatRole.Tool;
        var calls = new List<FunctionCallContent>();
        foreach (var line in Lines(messages))
        {
            var rest = Rest(line, "always:") ?? (isAnswered ? null : Rest(line, "call:"));
            if (rest is not null)
            {
                var space = rest.IndexOf(' ');
                var id = string.Create(CultureInfo.InvariantCulture, $"call_{messages.Count}_{calls.Count + 1}");
                calls.Add(ToolCalls.Read(id, space < 0 ? rest : rest[..space], space < 0 ? "" : rest[space..]));
            }
        }

        return calls;
    }

    public static string Text(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (Lines(messages).Select(line => Rest(line, "answer:")).FirstOrDefault(text => text is not null) is { } answer)
        {
            return answer;
        }

        if (options?.ResponseFormat is ChatResponseFormatJson format)
        {
            return format.Schema is { } schema ? SchemaSample.Of(schema).ToJsonString() : """{"simulated":true}""";
        }

        if (messages is [.., { } last] && last.Role == ChatRole.Tool)
        {
            return $"[simulated] The tools answered: {Heard(string.Join("; ", Results(messages)))}";
        }

        var images = Asked(messages)?.Contents.Count(content => content is DataContent or UriContent) ?? 0;
        return $"[simulated] You said: {Heard(Asked(messages)?.Text ?? "")}{(images == 0 ? "" : $" (with images: {images})")}";
    }

    /// <summary>The results since the model's last word.</summary>
    static IEnumerable<string> Results(IReadOnlyList<ChatMessage> messages)
    {
        var names = messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToLookup(call => call.CallId, call => call.Name);
        return messages.Reverse().TakeWhile(message => message.Role == ChatRole.Tool).Reverse().SelectMany(message => message.Contents).OfType<FunctionResultContent>()
            .Select(result => $"{names[result.CallId].LastOrDefault() ?? result.CallId}: {Tokens.JsonOf(result.Result)}");
    }

    static ChatMessage? Asked(IReadOnlyList<ChatMessage> messages) => messages.LastOrDefault(message => message.Role == ChatRole.User) ?? (messages.Count > 0 ? messages[^1] : null);

    static string[] Lines(IReadOnlyList<ChatMessage> messages) => (Asked(messages)?.Text ?? "").Split('\n', StringSplitOptions.TrimEntries);

    static string? Rest(string line, string mark) => line.StartsWith(mark, StringComparison.Ordinal) ? line[mark.Length..].Trim() : null;

    static string Heard(string text) => text.Length > MaxEcho ? text[..(char.IsHighSurrogate(text[MaxEcho - 1]) ? MaxEcho - 1 : MaxEcho)] : text;
}
