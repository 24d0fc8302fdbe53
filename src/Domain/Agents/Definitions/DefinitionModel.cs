using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Agents.Definitions;

/// <summary>Reads a definition's <c>model</c>: the object of the full form, or <c>vendor/model</c> in one text with the flat form's settings beside it.</summary>
static class DefinitionModel
{
    public static JsonElement? Read(ObjectFields document, bool isFlat, ICollection<FieldError> problems)
    {
        var model = document.Value("model") switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } => FromText(document),
            _ => Members(document.Object("model")),
        };
        foreach (var setting in (string[])["temperature", "max_tokens"])
        {
            if (document.Value(setting) is not { } value)
                continue;
            if (!isFlat)
                document.Report(setting, GraphProblemCodes.UnknownMember, $"With a graph, '{setting}' belongs into 'model'; move it there.");
            else if (model?.TryAdd(setting, value) == false)
                document.Report(setting, GraphProblemCodes.DuplicateMember, $"'{setting}' is in 'model' already; take one out.");
        }

        if (model is null)
            return null;
        var element = JsonSerializer.SerializeToElement(model);
        foreach (var problem in ModelSettings.Check("/model", element))
            problems.Add(problem with { Pointer = PlaceOf(problem.Pointer, document) });
        return element;
    }

    static OrderedDictionary<string, JsonElement>? FromText(ObjectFields document)
    {
        var text = document.Text("model", 1, 319);
        if (text is null)
            return null;
        // Only the first slash parts: some vendors' models have slashes of their own (together/meta-llama/Llama-3).
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && slash < text.Length - 1)
            return new() { ["vendor"] = JsonSerializer.SerializeToElement(text[..slash]), ["model"] = JsonSerializer.SerializeToElement(text[(slash + 1)..]) };
        document.Report("model", GraphProblemCodes.InvalidValue, "Write a model as vendor/model, like \"openai/gpt-4o\" or \"sandbox/echo\".");
        return null;
    }

    static OrderedDictionary<string, JsonElement>? Members(JsonElement? model)
    {
        if (model is not { } given)
            return null;
        var members = new OrderedDictionary<string, JsonElement>();
        foreach (var member in given.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null)
                members[member.Name] = member.Value;
        }

        return members;
    }

    // The settings of the flat form stand beside the model, and that is where their faults must be shown.
    static string PlaceOf(string pointer, ObjectFields document) =>
        pointer is "/model/temperature" or "/model/max_tokens" && document.Has(pointer["/model/".Length..]) ? pointer["/model".Length..]
        : document.Value("model") is { ValueKind: JsonValueKind.String } ? "/model"
        : pointer;
}
