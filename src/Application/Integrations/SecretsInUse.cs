using AgentPlatform.Domain.Integrations;

namespace AgentPlatform.Application.Integrations;

/// <summary>
/// Which secrets the call under way has been given, so that they are hidden in whatever of it is stored. Ambient on purpose: a caller that had to pass it along could
/// forget to, and then a secret would stand in a table for good.
/// </summary>
public static class SecretsInUse
{
    static readonly AsyncLocal<SecretMask?> Current = new();

    /// <summary>What hides them; null outside a step. A stream of tokens is passed through <see cref="SecretMask.Stream"/>, a row of its own through <see cref="SecretMask.Apply(string)"/>.</summary>
    public static SecretMask? Mask => Current.Value;

    /// <summary>For the asynchronous method that calls this, and whatever it awaits from here on.</summary>
    public static void Collect(SecretMask mask) => Current.Value = mask;

    /// <summary>For whoever hands a secret out.</summary>
    public static void Note(Secret secret) => Current.Value?.Add(secret.Forms);
}
