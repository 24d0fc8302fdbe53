using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>The catalogue of what an agent can be good for, in the order of display.</summary>
[Requires("agents:read")]
public sealed record ListFeatures : IQuery<Page<FeatureView>>;

public sealed record FeatureView(string Id, string Name, string Description, string Category, string Icon);
