using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AgentPlatform.Application.Shared;

/// <summary>The one source of spans and the one meter of the platform; exporters subscribe by this name.</summary>
public static class Telemetry
{
    public const string Name = "AgentPlatform";

    public static readonly ActivitySource Source = new(Name);

    public static readonly Meter Meter = new(Name);
}
