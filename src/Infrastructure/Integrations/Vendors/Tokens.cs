using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>
/// A simple tokenizer: a word is a token for each four letters or digits begun, any other character that is no white space is one. It counts for the
/// sandbox, and for vendors that do not say what they used; for English it comes out a little above what their own tokenizers give.
/// </summary>
static class Tokens
{
    const int PerMessage = 4;
    const int PerImage = 1_000;

    public static int Count(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        var run = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                tokens += run++ % 4 == 0 ? 1 : 0;
                continue;
            }

            run = 0;
            tokens += char.IsWhiteSpace(c) || char.IsLowSurrogate(c) ? 0 : 1;
        }

        return tokens;
    }

    public static int Count(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var tokens = Count(options?.Instructions);
        foreach (var message in messages)
        {
            tokens += PerMessage + message.Contents.Sum(Count);
        }

        foreach (var tool in options?.Tools?.OfType<AIFunctionDeclaration>() ?? [])
        {
            tokens += PerMessage + Count(tool.Name) + Count(tool.Description) + Count(tool.JsonSchema.GetRawText());
        }

        return options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } ? tokens + Count(schema.GetRawText()) : tokens;
    }

    public static int Count(AIContent content) => content switch
    {
        TextContent text => Count(text.Text),
        TextReasoningContent reasoning => Count(reasoning.Text),
        FunctionCallContent call => PerMessage + Count(call.Name) + Count(JsonOf(call.Arguments)),
        FunctionResultContent result => PerMessage + Count(JsonOf(result.Result)),
        DataContent or UriContent => PerImage,
        _ => 0,
    };

    /// <summary>What a tool gave, as the model reads it.</summary>
    public static string JsonOf(object? value) => value switch
    {
        null => "",
        string text => text,
        JsonElement json => json.GetRawText(),
        _ => JsonSerializer.Serialize(value),
    };
}
