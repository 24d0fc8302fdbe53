namespace AgentPlatform.Unit.Agents.Graphs;

/// <summary>Graphs that are accepted as they are.</summary>
static class GraphExamples
{
    public const string Small = """{ "nodes": [{ "id": "answer", "skill": "transform" }] }""";

    /// <summary>Uses everything that a graph can say.</summary>
    public const string Large = """
        {
          "nodes": [
            { "id": "fetch", "skill": "http_request", "with": { "method": "GET", "url": "=input.url", "tags": ["a", "{{input.tag}}"] }, "credential": "github",
              "timeout": "10s", "retry": { "max_attempts": 4, "initial": "200ms", "factor": 2, "max": "30s", "jitter": true, "on": ["timeout", "5xx", "429", 429, "invalid_response"] },
              "on_error": { "goto": "apologise" }, "name": "Fetch", "description": "", "position": { "x": 0, "y": -12.5 } },
            { "id": "route", "skill": "switch", "with": { "cases": [{ "name": "bad", "when": "=fetch.score < `3`" }, { "name": "good", "when": "fetch.score > `7`" }], "default": "fair" } },
            { "id": "escalate", "skill": "slack-post@1", "with": { "channel": "#alerts", "text": "Look: {{fetch.text}}", "deep": { "literal": "==x", "list": [1, null, "=fetch"] } }, "on_error": "continue" },
            { "id": "note", "skill": "slack-post@1.2.0", "on_error": "fail", "timeout": 1500, "retry": {} },
            { "id": "join_up", "skill": "transform", "with": { "all": "=[escalate, note]", "why": "=errors.fetch" }, "join": "any" },
            { "id": "apologise", "skill": "fail", "with": { "message": "=errors.fetch.message" }, "join": "all" }
          ],
          "edges": [
            { "from": "fetch", "to": "route" },
            { "from": "route", "to": "escalate", "case": "bad" },
            { "from": "route", "to": "note", "case": "fair", "when": "=fetch.score != `5`" },
            { "from": "escalate", "to": "join_up", "when": "escalate != null" },
            { "from": "note", "to": "join_up" }
          ],
          "output": { "said": "=join_up.all", "plain": [1, "two"] }
        }
        """;

    public static readonly string[] All =
    [
        Small,
        Large,
        """{ "nodes": [{ "id": "a", "skill": "slack-post@3.0.0-beta.1", "retry": { "on": ["any"], "initial": 0, "max": "1h", "factor": 1.5, "max_attempts": 20 } }], "edges": [], "output": null }""",
        """{ "nodes": [{ "id": "a1_b", "skill": "transform@1.0", "with": {} }, { "id": "b", "skill": "transform@1" }], "edges": [{ "from": "b", "to": "a1_b", "when": "b" }], "output": "=a1_b" }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "timeout": 1500.0, "position": { "x": 1e3, "y": 0 } }], "output": { "=name": ["{{a.x}}", 1, true] } }""",
        """{ "nodes": [{ "id": "a", "skill": "foreach@1", "with": { "items": "=input.list", "concurrency": 64, "on_item_error": "fail", "body": { "nodes": [{ "id": "b", "skill": "loop", "with": { "body": { "agent": "helper", "version": "1.0.0", "input": [1, "=item"] }, "until": "=output", "max_iterations": 1, "initial": null } }], "edges": [], "output": "=b.output" } } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "wait", "with": { "for": "3d" } }, { "id": "b", "skill": "approval", "with": { "title": "Pay?", "expires_in": "2d" } }, { "id": "c", "skill": "agent", "with": { "agent": "helper", "input": "=input" }, "retry": {} }] }""",
    ];

    /// <summary>What the published schema can see as well as the compiler.</summary>
    public static readonly string[] WronglyBuilt =
    [
        "[]",
        "{}",
        """{ "nodes": [] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform" }], "edge": [] }""",
        """{ "nodes": [{ "id": "A", "skill": "transform" }] }""",
        """{ "nodes": [{ "id": "input", "skill": "transform" }] }""",
        """{ "nodes": [{ "id": "a" }] }""",
        """{ "nodes": [{ "skill": "transform" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "Transform" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform@01" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform@" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "with": "=input" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "credential": "=x" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "credential": "a{{x}}" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "timeout": "10" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "timeout": 3600001 }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "timeout": 0 }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "retry": { "attempts": 3 } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "retry": { "max_attempts": 0 } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "retry": { "factor": 11 } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "retry": { "on": ["sometimes"] } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "retry": { "on": [302] } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "on_error": "stop" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "on_error": { "go": "a" } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "join": "some" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "name": "" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform", "position": { "x": 1 } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform" }], "edges": [{ "from": "a" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform" }, { "id": "b", "skill": "transform" }], "edges": [{ "from": "a", "to": "b", "when": "" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform" }, { "id": "b", "skill": "transform" }], "edges": [{ "from": "a", "to": "b", "if": "a" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "transform" }, { "id": "b", "skill": "transform" }], "edges": [{ "from": "a", "to": "b", "case": "" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "foreach" }] }""",
        """{ "nodes": [{ "id": "a", "skill": "foreach", "with": { "items": "list", "body": { "agent": "x" } } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "foreach", "with": { "items": [] } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "foreach@1", "with": { "items": [], "body": { "nodes": [] } } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "foreach", "with": { "items": [], "body": { "agent": "=x" } } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "loop", "with": { "max_iterations": 0, "body": { "agent": "x" } } }] }""",
        """{ "nodes": [{ "id": "a", "skill": "loop", "with": { "body": { "agent": "x" }, "times": 3 } }] }""",
    ];
}
