namespace AgentPlatform.Infrastructure.Integrations.Vendors;

static class ModelLimits
{
    /// <summary>Tokens of an answer where neither the caller nor the registry says.</summary>
    public const int OutputWhereUnknown = 8_192;
}
