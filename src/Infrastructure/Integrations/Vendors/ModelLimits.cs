namespace AgentPlatform.Infrastructure.Integrations.Vendors;

static class ModelLimits
{
    /// <summary>Tokens of an answer where neither the caller nor the registry says.</summary>
    public const int OutputWhereUnknown = 8_192;

    /// <summary>Tokens of an answer where the caller does not say and the vendor wants to know.</summary>
    public const int OutputWhereUnsaid = 16_384;
}
