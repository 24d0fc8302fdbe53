using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Definitions;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>Which agent a document is for. The address names it; what the document says of slug and kind may not contradict.</summary>
readonly record struct DefinitionTarget(string Slug, string Kind)
{
    public static DefinitionTarget Choose(ApplyAgentDefinition request, AgentDefinition definition, AgentView? found, List<FieldError> faults)
    {
        var slug = found?.Slug ?? request.Agent;
        var kind = found?.Kind ?? request.Kind ?? definition.Kind;
        if (found is null)
        {
            faults.AddRange(FieldChecks.Slug("", slug));
        }

        if (Says(request.Document, "slug") && definition.Slug != slug)
        {
            faults.Add(new FieldError("/slug", "slug_mismatch", $"The address names the agent {slug}, the document another; leave the slug out or make them equal."));
        }

        if (request.Kind is { } asked && asked != kind)
        {
            faults.Add(new FieldError("/kind", "kind_mismatch", $"The agent {slug} is no {asked}."));
        }
        else if (Says(request.Document, "kind") && definition.Kind != kind)
        {
            faults.Add(new FieldError("/kind", "kind_mismatch", $"Here the kind is {kind}."));
        }

        return new DefinitionTarget(slug, kind);
    }

    static bool Says(JsonElement document, string name) => document.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
}
