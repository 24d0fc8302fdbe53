using Mono.Cecil;

namespace AgentPlatform.Architecture.Support;

/// <summary>The product's modules, and to which of them code belongs: <c>AgentPlatform.Layer.Module</c>.</summary>
static class Modules
{
    public static readonly string[] Names = ["Tenants", "Agents", "Execution", "Billing", "Integrations", "Knowledge"];

    public const string Shared = "Shared";

    /// <summary>Null for what belongs to no module (the API's own types, the compiler's).</summary>
    public static string? Of(TypeReference type)
    {
        var outer = type;
        while (outer.DeclaringType is { } declaring)
        {
            outer = declaring;
        }

        return outer.Namespace.Split('.') is ["AgentPlatform", _, var module, ..] && (module == Shared || Names.Contains(module, StringComparer.Ordinal)) ? module : null;
    }
}
