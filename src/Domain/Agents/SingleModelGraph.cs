using System.Text.Json;

namespace AgentPlatform.Domain.Agents;

/// <summary>The graph of an agent that is described by a model and a system prompt alone: one call of the model with what the run was given,
/// be it a prompt or a message of a conversation with what was said before.</summary>
static class SingleModelGraph
{
    public static readonly JsonElement Document = JsonElement.Parse(
        """
        {
          "nodes": [{ "id": "answer", "skill": "llm", "with": {
            "messages": "=[input.history || `[]`, [{role: 'user', content: to_string(input.prompt || input.message || input)}]][]",
            "images": "=input.images || `[]`"
          } }],
          "edges": [],
          "output": "=answer"
        }
        """);
}
