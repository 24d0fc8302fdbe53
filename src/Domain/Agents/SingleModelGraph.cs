using System.Text.Json;

namespace AgentPlatform.Domain.Agents;

/// <summary>The graph of an agent that is described by a model and a system prompt alone: one call of the model with what the run was given.</summary>
static class SingleModelGraph
{
    public static readonly JsonElement Document = JsonElement.Parse(
        """
        {
          "nodes": [{ "id": "answer", "skill": "llm", "with": { "prompt": "=input.prompt || input.message || to_string(input)" } }],
          "edges": [],
          "output": "=answer"
        }
        """);
}
