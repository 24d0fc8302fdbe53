namespace AgentPlatform.Browser.Journeys;

/// <summary>Small agents, as definitions.</summary>
static class Samples
{
    public static string Echo(string name) => $$"""
        name: {{name}}
        input_schema: { type: object, properties: { text: { type: string } }, examples: [{ text: hello }] }
        graph:
          nodes:
            - { id: echo, skill: transform, with: { said: "=input.text" } }
          output: { said: "=echo.said" }
        """;

    /// <summary>Reads a number out of a text and fails where there is none; the slip is that it reads what nobody gave.</summary>
    /// <param name="member">The member of the order that is read.</param>
    public static string Order(string member) => $$"""
        name: Order
        graph:
          nodes:
            - { id: order, skill: transform, with: { amount: "42", currency: EUR } }
            - { id: parse, skill: json, with: { op: parse, value: "{{"{{"}}order.{{member}}{{"}}"}}" } }
            - { id: receipt, skill: transform, with: { total: "=parse" } }
          edges:
            - { from: order, to: parse }
            - { from: parse, to: receipt }
          output: { total: "=receipt.total" }
        """;

    /// <summary>Stops at each signal until it comes.</summary>
    public static string Waiting(params string[] signals)
    {
        var nodes = signals.Select(signal => $"    - {{ id: {signal}, skill: wait, with: {{ signal: {signal} }} }}").Append("    - { id: done, skill: transform, with: { ok: \"yes\" } }");
        var edges = signals.Zip(signals.Skip(1).Append("done"), (from, to) => $"    - {{ from: {from}, to: {to} }}");
        return $"name: Patience\ngraph:\n  nodes:\n{string.Join('\n', nodes)}\n  edges:\n{string.Join('\n', edges)}\n";
    }

    /// <summary>A model to talk with that is slow enough to be watched. A line <c>call: tool {…}</c> makes it use a tool, <c>answer: …</c> is what it says then.</summary>
    public const string Assistant = """
        name: Assistant
        description: Answers questions, and reckons with dates before it does.
        graph:
          nodes:
            - { id: answer, skill: llm, with: { prompt: "=input.message", tools: [date], model: sandbox/slow } }
        """;

    public const string Approval = """
        name: Refund
        graph:
          nodes:
            - { id: ask, skill: approval, with: { title: "Refund {{input.amount}} EUR", payload: { amount: "=input.amount" } } }
            - { id: pay, skill: transform, with: { paid: "=ask.payload.amount", note: "=ask.comment" } }
          edges:
            - { from: ask, to: pay }
          output: { paid: "=pay.paid", note: "=pay.note" }
        """;

    /// <summary>A step for each item.</summary>
    public const string ForEach = """
        name: Many
        graph:
          nodes:
            - id: each
              skill: foreach
              with:
                items: "=input.items"
                concurrency: 64
                body:
                  nodes: [{ id: double, skill: transform, with: { n: "=item", text: "item {{item}}" } }]
          output: { count: "=length(each.results)" }
        """;
}
