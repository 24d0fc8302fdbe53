using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Agents.Definitions;

/// <summary>
/// Reads a definition in either form. Full: everything of <see cref="AgentDefinition"/>, with a <c>graph</c>. Flat: no graph, but a single model, its
/// settings at the top (<c>model: openai/gpt-4o</c>, <c>temperature</c>, <c>max_tokens</c>, <c>system_prompt</c>).
/// </summary>
public static class DefinitionReader
{
    static readonly string[] Members =
    [
        "slug", "name", "description", "kind", "category", "icon", "tags", "capabilities", "features", "is_public", "memory_enabled", "limits", "metadata",
        "semantic_version", "version", "changelog", "model", "temperature", "max_tokens", "system_prompt", "default_params", "input_schema", "output_schema", "graph", "skills",
    ];

    /// <summary>Adds everything that is wrong with the document but for the graph's inside, which the graph's own compiler judges. A definition is given
    /// back even then, so that the caller can have its graph judged as well and say everything at once: store it only when nothing was found.</summary>
    /// <returns>Null when there is nothing to go on with.</returns>
    public static AgentDefinition? Read(JsonElement definition, ICollection<FieldError> problems)
    {
        var found = new List<GraphProblem>();
        var read = Read(definition, found, problems);
        foreach (var problem in found.Take(GraphProblem.MaxReported))
            problems.Add(new FieldError(problem.Pointer, problem.Code, problem.Message));
        return read;
    }

    static AgentDefinition? Read(JsonElement definition, List<GraphProblem> found, ICollection<FieldError> problems)
    {
        if (DocumentShape.Fault(definition) is { } fault)
        {
            found.Add(fault);
            return null;
        }

        if (ObjectFields.Read(definition.Clone(), "", "A definition", Members, found, nullIsAbsent: true) is not { } document)
            return null;

        document.Require("name", "give the agent a name.");
        var fields = AgentOf(document, found);
        // A missing name is reported above, in the terms of this document.
        AddAll(problems, fields.Check().Where(p => p.Pointer != "/name" || document.Has("name")));
        var (model, graph) = BehaviourOf(document, found, problems);
        var prompt = document.Text("system_prompt", 1, 64 * 1024);
        return new AgentDefinition(
            SlugOf(document, fields.Name, problems),
            document.OneOf("kind", AgentKind.Agent, AgentKind.Workflow) ?? AgentKind.Agent,
            fields,
            VersionOf(document),
            document.Text("changelog", 1, 4000),
            model,
            prompt,
            document.Object("default_params"),
            SchemaOf(document, "input_schema"),
            SchemaOf(document, "output_schema"),
            graph,
            SkillsOf(document, found));
    }

    static AgentFields AgentOf(ObjectFields document, List<GraphProblem> found) => new(
        document.Text("name", 0, int.MaxValue),
        document.Text("description", 1, int.MaxValue),
        document.Text("category", 1, int.MaxValue),
        document.Text("icon", 1, int.MaxValue),
        Texts(document, "tags", found),
        Texts(document, "capabilities", found),
        Texts(document, "features", found),
        document.Flag("is_public") ?? false,
        document.Flag("memory_enabled") ?? false,
        document.Object("limits") ?? AgentFields.EmptyObject,
        document.Object("metadata") ?? AgentFields.EmptyObject);

    static string SlugOf(ObjectFields document, string? name, ICollection<FieldError> problems)
    {
        if (document.Has("slug"))
        {
            var written = document.Text("slug", 0, int.MaxValue);
            if (written is not null)
                AddAll(problems, FieldChecks.Slug("/slug", written));
            return written ?? "";
        }

        var derived = FromName(name ?? "");
        if (derived.Length == 0 && name is not null)
            problems.Add(new FieldError("", GraphProblemCodes.Missing, "'slug' is missing, and none can be made of the name: add one. " + Slug.Rule));
        return derived;
    }

    /// <summary>"Triage: GitHub issues!" becomes triage-github-issues.</summary>
    static string FromName(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
            if (slug.Length == 63)
                break;
        }

        return slug.ToString().Trim('-');
    }

    // `version` is the flat form's word. YAML reads a bare 1.0 as a number, and people write it so: it means 1.0.0.
    static string? VersionOf(ObjectFields document)
    {
        if (document.Has("version") && document.Has("semantic_version"))
            document.Report("version", GraphProblemCodes.InvalidValue, "'version' and 'semantic_version' mean the same; take one out.");

        var name = document.Has("semantic_version") ? "semantic_version" : "version";
        var text = document.Value(name) is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : document.Text(name, 0, int.MaxValue);
        if (text is null)
            return null;
        if (name == "version" && text.Count(c => c == '.') is var dots and < 2 && text.All(c => char.IsAsciiDigit(c) || c == '.'))
            text += dots == 0 ? ".0.0" : ".0";
        if (SemanticVersion.TryParse(text, out _))
            return text;
        document.Report(name, GraphProblemCodes.InvalidValue, SemanticVersion.Rule);
        return null;
    }

    static (JsonElement? Model, JsonElement Graph) BehaviourOf(ObjectFields document, List<GraphProblem> found, ICollection<FieldError> problems)
    {
        var hasGraph = document.Has("graph");
        if (!hasGraph && !document.Has("model"))
            found.Add(GraphProblem.Error(document.Pointer, GraphProblemCodes.Missing, "Say what the agent does: with a 'graph', or with a 'model' of its own."));

        var model = DefinitionModel.Read(document, isFlat: !hasGraph, problems);
        return (model, hasGraph ? document.Object("graph") ?? AgentFields.EmptyObject : SingleModelGraph.Document);
    }

    // A schema may be true or false as well.
    static JsonElement? SchemaOf(ObjectFields document, string name)
    {
        var value = document.Value(name);
        if (value is null or { ValueKind: JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False })
            return value;
        document.Report(name, GraphProblemCodes.InvalidType, $"'{name}' must be a JSON Schema, an object; this is {ObjectFields.Kind(value.Value)}.");
        return null;
    }

    static List<string> Texts(ObjectFields document, string name, List<GraphProblem> found)
    {
        List<string> texts = [];
        if (document.Array(name) is not { } list)
            return texts;
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String)
                texts.Add(item.GetString()!);
            else
                found.Add(GraphProblem.Error($"{document.At(name)}/{index}", GraphProblemCodes.InvalidType, $"'{name}' lists texts; this is {ObjectFields.Kind(item)}."));
            index++;
        }

        return texts;
    }

    static List<SkillBinding> SkillsOf(ObjectFields document, List<GraphProblem> found)
    {
        List<SkillBinding> bindings = [];
        if (document.Array("skills") is not { } list)
            return bindings;
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            var pointer = $"{document.At("skills")}/{index++}";
            if (SkillOf(item, pointer, found) is not { } binding)
                continue;
            if (bindings.Exists(b => b.Slug == binding.Slug))
                found.Add(GraphProblem.Error($"{pointer}/slug", GraphProblemCodes.DuplicateMember, $"The skill '{binding.Slug}' is there already; take one out."));
            bindings.Add(binding);
        }

        return bindings;
    }

    static SkillBinding? SkillOf(JsonElement item, string pointer, List<GraphProblem> found)
    {
        if (ObjectFields.Read(item, pointer, "A skill", ["slug", "priority", "enabled", "approval", "timeout_ms", "max_calls", "credential", "assignee", "team"], found, nullIsAbsent: true) is not { } fields)
            return null;
        fields.Require("slug", "name the skill.");
        var slug = fields.Text("slug", 0, int.MaxValue);
        if (slug is not null && !(SkillReference.TryParse(slug, out var reference) && reference.Range is null))
            fields.Report("slug", GraphProblemCodes.InvalidSkill, "Name the skill by its slug, without a version.");
        var settings = new ToolSettings(
            fields.Integer("priority", 0, 1000) ?? 0,
            fields.Flag("enabled") ?? true,
            fields.OneOf("approval", ToolSettings.Never, ToolSettings.Always) ?? ToolSettings.Never,
            fields.Integer("timeout_ms", 1, ToolSettings.MaxTimeoutMs),
            fields.Integer("max_calls", 1, ToolTerms.MostCalls),
            fields.Text("credential", 1, 255),
            fields.Text("assignee", 1, ToolTerms.LongestAssignee),
            fields.Text("team", 1, ToolTerms.LongestAssignee));
        if (settings.Approval == ToolSettings.Never && (settings.Assignee ?? settings.Team) is not null)
            fields.Report(settings.Assignee is null ? "team" : "assignee", GraphProblemCodes.InvalidValue, "Somebody is asked only with the approval always.");
        return slug is null ? null : new SkillBinding(slug, settings);
    }

    static void AddAll(ICollection<FieldError> problems, IEnumerable<FieldError> more)
    {
        foreach (var problem in more)
            problems.Add(problem);
    }
}
