using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.JsonSchema;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>The parameters of an <c>llm</c> node as a question to models. What an expression gave may be of any type, so each is looked at again.</summary>
/// <param name="Models">The node's, or the agent's, or the sandbox; then the fallbacks.</param>
/// <param name="Schema">What the answer must fit; null: text.</param>
sealed record LlmRequest(IReadOnlyList<string> Models, List<ChatMessage> Messages, ChatOptions Options, CompiledSchema? Schema)
{
    public const string DefaultModel = "sandbox/echo";
    const int MaxImageBytes = 20 * 1024 * 1024;

    /// <summary>Reads <c>with</c>; false: <paramref name="problem"/> says why it is no question.</summary>
    public static bool TryRead(Datum with, ModelDefaults defaults, out LlmRequest? request, out SkillError? problem)
    {
        (request, problem) = (null, null);
        var messages = new List<ChatMessage>();
        if ((with.Text("system") ?? defaults.System) is { Length: > 0 } system)
        {
            messages.Add(new ChatMessage(ChatRole.System, system));
        }

        problem = MessagesOf(with, messages) ?? Images(with, messages);
        if (problem is not null)
        {
            return false;
        }

        var options = new ChatOptions
        {
            Temperature = with.Value("temperature") is { Kind: DatumKind.Number } temperature ? (float)temperature.GetDouble() : defaults.Temperature,
            MaxOutputTokens = with.Value("max_tokens") is { Kind: DatumKind.Number } max ? (int)Math.Clamp(max.GetDouble(), 1, int.MaxValue) : defaults.MaxTokens,
        };
        CompiledSchema? schema = null;
        if (with.Value("response_schema") is { Kind: DatumKind.Object or DatumKind.Boolean } wanted)
        {
            var json = wanted.ToJsonElement();
            if (!CompiledSchema.TryCompile(json, out schema, out var faults))
            {
                problem = Arguments.Refused($"/response_schema{faults[0].SchemaPointer} {faults[0].Message}");
                return false;
            }

            options.ResponseFormat = ChatResponseFormat.ForJsonSchema(json, "answer");
        }

        request = new LlmRequest(ModelsOf(with, defaults), messages, options, schema);
        return true;
    }

    static List<string> ModelsOf(Datum with, ModelDefaults defaults)
    {
        var models = new List<string> { with.Text("model") ?? defaults.Model ?? DefaultModel };
        if (with.Value("fallbacks") is { Kind: DatumKind.Array } fallbacks)
        {
            foreach (var fallback in fallbacks.EnumerateItems())
            {
                if (fallback.Kind is DatumKind.String && !models.Contains(fallback.GetString()))
                {
                    models.Add(fallback.GetString());
                }
            }
        }

        return models;
    }

    static SkillError? MessagesOf(Datum with, List<ChatMessage> messages)
    {
        if (with.Value("messages") is { Kind: DatumKind.Array } given)
        {
            foreach (var message in given.EnumerateItems())
            {
                if (message.Kind is not DatumKind.Object || message.Text("content") is not { } content || Role(message.Text("role")) is not { } role)
                {
                    return Arguments.Refused("Each of messages has a role (system, user or assistant) and a content, which is a text.");
                }

                messages.Add(new ChatMessage(role, content));
            }
        }

        if (with.Value("prompt") is { } prompt)
        {
            // An expression may give a number or an object; the model reads text.
            messages.Add(new ChatMessage(ChatRole.User, prompt.Kind is DatumKind.String ? prompt.GetString() : prompt.ToJsonElement().GetRawText()));
        }

        return messages.Exists(message => message.Role != ChatRole.System) ? null : Arguments.Refused("There is nothing to ask: give a prompt or messages.");
    }

    static ChatRole? Role(string? role) => role switch
    {
        "system" => ChatRole.System,
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        _ => null,
    };

    static SkillError? Images(Datum with, List<ChatMessage> messages)
    {
        if (with.Value("images") is not { Kind: DatumKind.Array } images)
        {
            return null;
        }

        if (messages.FindLast(message => message.Role == ChatRole.User) is not { } shown)
        {
            return Arguments.Refused("Images belong to a message of the user; there is none.");
        }

        foreach (var image in images.EnumerateItems())
        {
            if (image.Text("url") is { } url && Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                shown.Contents.Add(new UriContent(address, image.Text("media_type") ?? "image/*"));
            }
            else if (image.Text("base64") is { } base64 && image.Text("media_type") is { } type && Bytes(base64) is { } bytes)
            {
                shown.Contents.Add(new DataContent(bytes, type));
            }
            else
            {
                return Arguments.Refused($"Each of images has an http or https url, or base64 of at most {MaxImageBytes} bytes with its media_type.");
            }
        }

        return null;
    }

    static byte[]? Bytes(string base64)
    {
        if (base64.Length > MaxImageBytes / 3L * 4)
        {
            return null;
        }

        var bytes = new byte[base64.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }
}
