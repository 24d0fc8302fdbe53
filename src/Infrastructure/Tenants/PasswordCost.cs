namespace AgentPlatform.Infrastructure.Tenants;

/// <summary>What a password check costs. OWASP ASVS 5 asks for at least 210 000 iterations of PBKDF2-HMAC-SHA-512; see docs/adr/0003-passwords.md.</summary>
/// <param name="Iterations">Of PBKDF2 with HMAC-SHA-512.</param>
/// <param name="Parallel">How many run at once: each takes a core.</param>
/// <param name="MaxWait">How long a caller waits for its turn before it is sent away with 503.</param>
sealed record PasswordCost(int Iterations, int Parallel, TimeSpan MaxWait)
{
    public const int Floor = 210_000;

    public static readonly PasswordCost Default = new(220_000, Environment.ProcessorCount, TimeSpan.FromSeconds(5));
}

/// <summary>How often somebody may guess. All times are the database's.</summary>
/// <param name="AccountTries">Failed checks in a day, for one account.</param>
/// <param name="FreeFailures">Failures in a row before the account locks.</param>
/// <param name="FirstLock">The first lock; each further failure doubles it.</param>
/// <param name="NetworkTries">Failed checks in <paramref name="NetworkWindow"/>, for one address (IPv6: one /64).</param>
sealed record LoginLimits(int AccountTries, int FreeFailures, TimeSpan FirstLock, TimeSpan MaxLock, int NetworkTries, TimeSpan NetworkWindow)
{
    public static readonly LoginLimits Default = new(100, 10, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(15), 300, TimeSpan.FromMinutes(15));
}
