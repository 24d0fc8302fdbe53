using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>
/// Reads the tool calls of an answer. What only the model got wrong (arguments that are no JSON object) is told to whoever executes the call, by
/// <see cref="FunctionCallContent.Exception"/>, so that the model can be told; what no model does by mistake is refused with the answer.
/// </summary>
static class ToolCalls
{
    public const int MaxCalls = 128;
    const int MaxId = 256;

    /// <summary>One call; <see cref="ModelException"/> when its arguments are too large or too deep, or it has no usable name or id.</summary>
    public static FunctionCallContent Read(string? id, string? name, string arguments)
    {
        if (id is not { Length: > 0 and <= MaxId } || name is not { Length: > 0 and <= MaxId } || id.Contains('\0') || name.Contains('\0'))
        {
            throw Refused("tool_call_invalid", "The model called a tool without a usable name or id.");
        }

        // Some vendors send nothing where a tool takes no arguments.
        var json = Encoding.UTF8.GetBytes(string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments);
        if (!StrictJson.TryParse(json, out var document, out var problem))
        {
            return problem!.Code is JsonProblemCodes.TooLarge or JsonProblemCodes.TooDeep
                ? throw new ModelException(new SkillError("tool_arguments_too_large", $"The model's arguments for the tool {name}: {problem.Message}", SkillErrorClass.Limit, Retryable: false)) { MayHaveCost = true }
                : new FunctionCallContent(id, name) { Exception = new JsonException(problem.Message) };
        }

        using (document)
        {
            var root = document!.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? new FunctionCallContent(id, name, root.EnumerateObject().ToDictionary(member => member.Name, member => (object?)member.Value.Clone()))
                : new FunctionCallContent(id, name) { Exception = new JsonException("The arguments are no JSON object.") };
        }
    }

    /// <summary>What holds for all calls of an answer together.</summary>
    public static void Check(ChatResponse answer, ChatOptions options)
    {
        HashSet<string>? ids = null;
        foreach (var call in answer.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>())
        {
            if (!(ids ??= []).Add(call.CallId))
            {
                throw Refused("tool_call_duplicate", $"The model gave two tool calls the same id ({call.CallId}).");
            }

            if (options.Tools is not { Count: > 0 })
            {
                throw Refused("tool_unknown", $"The model called the tool {call.Name}, and was offered none.");
            }

            if (ids.Count > MaxCalls)
            {
                throw new ModelException(new SkillError("tool_calls_too_many", $"The model called more than {MaxCalls} tools at once.", SkillErrorClass.Limit, Retryable: false));
            }
        }
    }

    static ModelException Refused(string code, string message) =>
        new(new SkillError(code, message, SkillErrorClass.InvalidResponse, Retryable: true)) { MayHaveCost = true };
}
