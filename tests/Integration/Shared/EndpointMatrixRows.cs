namespace AgentPlatform.Integration.Shared;

/// <summary>Every endpoint of the program. A new one fails the matrix until it has its row here.</summary>
static class EndpointMatrixRows
{
    const string Graph = """{"nodes":[{"id":"a","skill":"transform","with":{"b":"=input"}},{"id":"c","skill":"merge","with":{"values":["=a"]}}],"edges":[{"from":"a","to":"c","when":"input.x"}]}""";

    public static readonly EndpointMatrixRow[] All =
    [
        new("GET", "/health/live", EndpointMatrixRow.Public),
        new("GET", "/health/ready", EndpointMatrixRow.Public),
        new("GET", "/openapi/v1.json", EndpointMatrixRow.Public),
        new("POST", "/hooks/{tenant}/{path}", EndpointMatrixRow.Public),

        new("POST", "/v1/signup", EndpointMatrixRow.Public, """{"email":"a@b.example","password":"short","name":"Ann","tenant":{"name":"A","slug":"platform"}}"""),
        new("POST", "/v1/login", EndpointMatrixRow.Public, """{"email":"nobody@nowhere.example","password":"wrong horse","tenant":"none"}"""),
        new("POST", "/v1/invitations/accept", EndpointMatrixRow.Public, """{"token":"none","name":"Ann","password":"correct horse battery staple"}"""),
        new("POST", "/v1/logout", EndpointMatrixRow.SignedIn),
        new("GET", "/v1/me", EndpointMatrixRow.SignedIn),
        new("PATCH", "/v1/me", EndpointMatrixRow.SignedIn, """{"name":"Olive Owner","avatar_url":"https://a.example/a.png"}"""),
        new("POST", "/v1/me/password", EndpointMatrixRow.SignedIn, """{"current_password":"wrong horse battery","new_password":"another horse battery staple"}"""),
        new("POST", "/v1/me/tenant", EndpointMatrixRow.SignedIn, """{"slug":"none"}"""),

        new("GET", "/v1/tenant", "tenant:read"),
        new("PATCH", "/v1/tenant", "tenant:write", """{"name":"T","description":"D","contact_email":"a@b.example","settings":{"a":1},"metadata":{"b":[2]}}"""),
        new("GET", "/v1/members", "members:read"),
        new("PATCH", "/v1/members/{user_id:guid}", "members:write", """{"role":"viewer","permissions":["runs:read"],"status":"active"}"""),
        new("DELETE", "/v1/members/{user_id:guid}", "members:write"),
        new("GET", "/v1/roles", "members:read"),
        new("POST", "/v1/invitations", "members:write", """{"email":"x@y.example","role":"viewer"}"""),
        new("GET", "/v1/invitations", "members:read"),
        new("DELETE", "/v1/invitations/{id:guid}", "members:write", Thing: "invitation"),
        new("POST", "/v1/api-keys", "api_keys:write", """{"name":"k","scopes":["agents:read"],"expires_at":"2100-01-01T00:00:00Z"}"""),
        new("GET", "/v1/api-keys", "api_keys:read"),
        new("DELETE", "/v1/api-keys/{id:guid}", "api_keys:write", Thing: "api-key"),
        new("GET", "/v1/audit-logs", "audit:read"),
        new("GET", "/v1/audit-logs/verify", "audit:read"),

        .. Agents("/v1/agents", "agent"),
        .. Agents("/v1/workflows", "workflow"),
        new("POST", "/v1/agents/validate", "agents:read", $$$$"""{"graph":{{{{Graph}}}}}"""),
        new("GET", "/v1/schemas/graph", EndpointMatrixRow.Public),
        new("POST", "/v1/expressions/evaluate", "agents:read", """{"expression":"a[?b > `1`].c | sort(@)","context":{"a":[{"b":2,"c":"d"}]}}"""),
        new("POST", "/v1/schemas/validate", "agents:read", """{"schema":{"type":"object","properties":{"a":{"type":"integer"}}},"instance":{"a":1}}"""),

        new("POST", "/v1/skills", "skills:write", """{"slug":"s","name":"Skill","type":"transform","category":"utility","description":"D","tags":[]}"""),
        new("GET", "/v1/skills", "skills:read"),
        new("GET", "/v1/skills/{skill}", "skills:read"),
        new("PATCH", "/v1/skills/{skill}", "skills:write", """{"name":"Skill","description":null,"category":"utility","is_active":true}"""),
        new("DELETE", "/v1/skills/{skill}", "skills:write"),
        new("POST", "/v1/skills/{skill}/versions", "skills:write", """{"spec":{"with":{"a":1}},"input_schema":{"type":"object"},"output_schema":true,"changelog":"C","is_active":false}"""),
        new("GET", "/v1/skills/{skill}/versions", "skills:read"),
        new("GET", "/v1/skills/{skill}/versions/{version}", "skills:read"),
        new("POST", "/v1/skills/{skill}/versions/{version}/activate", "skills:write"),
        new("POST", "/v1/skills/{skill}/versions/{version}/deprecate", "skills:write", """{"message":"Use another."}"""),
        new("POST", "/v1/tags", "skills:write", """{"slug":"t","name":"Tag","description":"D","color":"#00ff00"}"""),
        new("GET", "/v1/tags", "skills:read"),
        new("GET", "/v1/features", "agents:read"),

        new("POST", "/v1/agents/{agent}/runs", "runs:execute", """{"input":{"x":[1,"two",null]},"version":"latest","idempotency_key":"k","priority":1,"deadline":"2100-01-01T00:00:00Z"}"""),
        new("GET", "/v1/runs", "runs:read"),
        new("GET", "/v1/runs/{id:guid}", "runs:read", Thing: "run"),
        new("GET", "/v1/runs/{id:guid}/tree", "runs:read", Thing: "run"),
        new("GET", "/v1/runs/{id:guid}/steps", "runs:read", Thing: "run"),
        new("GET", "/v1/runs/{id:guid}/events", "runs:read", Thing: "run"),

        new("POST", "/v1/agents/{agent}/triggers", "triggers:write", """{"name":"T","kind":"webhook","path":"p","signature":"standard","input":{"a":"=body"},"concurrency":"allow"}"""),
        new("GET", "/v1/agents/{agent}/triggers", "triggers:read"),
        new("GET", "/v1/triggers/{id:guid}", "triggers:read", Thing: "trigger"),
        new("PATCH", "/v1/triggers/{id:guid}", "triggers:write", """{"name":"T","input":{"a":"=body.b"},"version":"latest"}""", Thing: "trigger"),
        new("DELETE", "/v1/triggers/{id:guid}", "triggers:write", Thing: "trigger"),
        new("POST", "/v1/triggers/{id:guid}/enable", "triggers:write", Thing: "trigger"),
        new("POST", "/v1/triggers/{id:guid}/disable", "triggers:write", Thing: "trigger"),
        new("POST", "/v1/triggers/{id:guid}/fire", "runs:execute", """{"input":{"a":1}}""", Thing: "trigger"),
        new("POST", "/v1/triggers/{id:guid}/rotate-secret", "triggers:write", """{"grace_hours":1}""", Thing: "trigger"),
    ];

    static IEnumerable<EndpointMatrixRow> Agents(string path, string kind) =>
    [
        new("POST", path, "agents:write", $$$$"""{"slug":"s","name":"Name","kind":"{{{{kind}}}}","tags":["a"],"features":["coding"],"limits":{"timeout_ms":1000},"metadata":{"a":1},"graph":{{{{Graph}}}},"input_schema":{"type":"object"}}"""),
        new("GET", path, "agents:read"),
        new("GET", path + "/{agent}", "agents:read"),
        new("PATCH", path + "/{agent}", "agents:write", """{"name":"Name","description":null,"tags":["a","b"],"is_public":false,"metadata":{"a":{"b":1}}}"""),
        new("DELETE", path + "/{agent}", "agents:write"),
        new("POST", path + "/{agent}/activate", "agents:write"),
        new("POST", path + "/{agent}/deactivate", "agents:write"),
        new("POST", path + "/{agent}/archive", "agents:write"),
        new("POST", path + "/{agent}/clone", "agents:write", """{"slug":"copy","name":"Copy"}"""),
        new("POST", path + "/{agent}/favorite", "agents:read"),
        new("DELETE", path + "/{agent}/favorite", "agents:read"),
        new("POST", path + "/{agent}/versions", "agents:write", $$$$"""{"graph":{{{{Graph}}}},"default_params":{"a":1},"changelog":"C","semantic_version":"9.0.0"}"""),
        new("GET", path + "/{agent}/versions", "agents:read"),
        new("GET", path + "/{agent}/versions/{version}", "agents:read"),
        new("GET", path + "/{agent}/versions/{from}/diff/{to}", "agents:read"),
        new("GET", path + "/{agent}/skills", "agents:read"),
        new("PUT", path + "/{agent}/skills/{skill}", "agents:write", """{"priority":5,"enabled":true}"""),
        new("DELETE", path + "/{agent}/skills/{skill}", "agents:write"),
        new("GET", path + "/{agent}/config", "agents:read"),
        new("GET", path + "/{agent}/config/{key}", "agents:read"),
        new("PUT", path + "/{agent}/config/{key}", "agents:write", """{"value":{"a":1},"description":"D"}"""),
        new("DELETE", path + "/{agent}/config/{key}", "agents:write"),
        new("GET", path + "/{agent}/definition", "agents:read"),
        new("PUT", path + "/{agent}/definition", "agents:write", $$$$"""{"name":"Defined","kind":"{{{{kind}}}}","graph":{{{{Graph}}}}}"""),
    ];
}
