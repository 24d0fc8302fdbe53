namespace AgentPlatform.Api.Mcp;

/// <summary>How long an ended run can be read as a task (<c>Mcp__TaskMinutes</c>; a day); the run itself is kept as the plan says.</summary>
sealed class McpTaskTerms(IConfiguration configuration)
{
    const int Day = 24 * 60;

    public TimeSpan Kept { get; } = TimeSpan.FromMinutes(configuration.GetValue("Mcp:TaskMinutes", Day));
}
