using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Unit.Agents.Graphs;

/// <summary>A graph that went through both steps, and what was said about it.</summary>
sealed partial record Graph(CompiledGraph? Compiled, IReadOnlyList<GraphProblem> Problems)
{
    public static readonly SkillCatalog Skills = new(
        [
            Skill("transform", "1.0.0", SkillType.Transform),
            Skill("switch", "1.0.0", SkillType.Builtin),
            Skill("fail", "1.0.0", SkillType.Builtin),
            Skill("foreach", "1.0.0", SkillType.Builtin),
            Skill("loop", "1.0.0", SkillType.Builtin),
            Skill("wait", "1.0.0", SkillType.Builtin),
            Skill("approval", "1.0.0", SkillType.Builtin),
            Skill("respond", "1.0.0", SkillType.Builtin),
            Skill("agent", "1.0.0", SkillType.Agent, """{ "type": "object", "required": ["agent"], "properties": { "agent": { "type": "string" }, "version": { "type": "string" } } }"""),
            Skill("http_request", "1.0.0", SkillType.HttpRequest, """
                {
                  "type": "object",
                  "required": ["url"],
                  "additionalProperties": false,
                  "properties": {
                    "method": { "enum": ["GET", "POST"] },
                    "url": { "type": "string", "minLength": 1 },
                    "headers": { "type": "object", "additionalProperties": { "anyOf": [{ "type": "string" }, { "type": "number" }] } },
                    "retries": { "type": "integer" },
                    "tags": { "type": "array", "items": { "type": "string" }, "minItems": 2 }
                  },
                  "if": { "properties": { "method": { "const": "POST" } }, "required": ["method"] },
                  "then": { "required": ["headers"] }
                }
                """),
            Skill("slack-post", "1.0.0", SkillType.HttpRequest),
            Skill("slack-post", "1.2.0", SkillType.HttpRequest),
            Skill("slack-post", "1.10.0", SkillType.HttpRequest),
            Skill("slack-post", "2.0.0", SkillType.HttpRequest),
            Skill("slack-post", "3.0.0-beta.1", SkillType.HttpRequest),
            Skill("our-api", "1.0.0", SkillType.HttpRequest, """{ "type": "object", "required": ["url"], "properties": { "url": { "type": "string" } } }""", spec: """{ "with": { "url": "https://api.example.com" } }"""),
            Skill("old-mail", "1.0.0", SkillType.HttpRequest, isDeprecated: true),
        ],
        ["drafted"]);

    public CompiledGraph Valid => Compiled ?? throw new AssertionException($"Refused: {string.Join("; ", Problems)}");

    public IEnumerable<string> Errors => Problems.Where(p => p.Severity == ProblemSeverity.Error).Select(p => $"{p.Pointer} {p.Code}");

    public IEnumerable<string> Warnings => Problems.Where(p => p.Severity == ProblemSeverity.Warning).Select(p => $"{p.Pointer} {p.Code}");

    public static Graph Of([StringSyntax(StringSyntaxAttribute.Json)] string json, GraphLimits? limits = null)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        return Of(document.RootElement, limits);
    }

    public static Graph Of(JsonElement json, GraphLimits? limits = null)
    {
        var problems = new List<GraphProblem>();
        var document = GraphDocument.Parse(json, problems);
        return new Graph(GraphCompiler.Compile(document, Skills, new Templates(), limits ?? GraphLimits.Default, problems), problems);
    }

    /// <summary>Transform nodes, and edges written <c>a&gt;b</c>.</summary>
    public static Graph Of(IEnumerable<string> nodes, IEnumerable<string> edges, GraphLimits? limits = null) => Of(Json(nodes, edges), limits);

    public static string Json(IEnumerable<string> nodes, IEnumerable<string> edges) => JsonSerializer.Serialize(new
    {
        nodes = nodes.Select(id => new { id, skill = "transform" }),
        edges = edges.Select(e => e.Split('>')).Select(e => new { from = e[0], to = e[1] }),
    });

    static ResolvedSkill Skill(string slug, string version, SkillType type, string? inputSchema = null, bool isDeprecated = false, string spec = "{}")
    {
        CompiledSchema? schema = null;
        if (inputSchema is not null && !CompiledSchema.TryCompile(JsonElement.Parse(inputSchema), out schema, out var problems))
            throw new InvalidOperationException(problems[0].Message);
        return new ResolvedSkill(Guid.CreateVersion7(), Guid.CreateVersion7(), slug, version, type, isDeprecated, isDeprecated ? "Use slack-post." : null, JsonElement.Parse(spec), schema);
    }

    /// <summary>Knows only <c>{{name.…}}</c>: these tests are about what the compiler does with the names.</summary>
    sealed partial class Templates : ITemplateCompiler
    {
        public bool TryCompile(string text, [NotNullWhen(true)] out ITemplate? template, [NotNullWhen(false)] out ExpressionError? error)
        {
            var closed = text.Split("{{").Length == text.Split("}}").Length;
            template = closed ? new Template(text, Names().Matches(text).Select(m => m.Groups["name"].Value).ToHashSet()) : null;
            error = closed ? null : new ExpressionError(ExpressionErrorCode.Syntax, "A {{ is never closed.", 0);
            return closed;
        }

        [GeneratedRegex("{{(?<name>[a-z_0-9]+)", RegexOptions.ExplicitCapture)]
        private static partial Regex Names();
    }

    sealed record Template(string Text, IReadOnlySet<string> RootFields) : ITemplate
    {
        public string Render(Datum root) => Text;
    }
}
