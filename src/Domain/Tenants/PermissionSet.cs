namespace AgentPlatform.Domain.Tenants;

/// <summary>
/// What a caller may do: permissions as <c>resource:action</c>, where either side may be <c>*</c>
/// (<c>agents:*</c>, <c>*:read</c>, <c>*</c> for everything).
/// </summary>
public sealed class PermissionSet(IEnumerable<string> grants)
{
    public static readonly PermissionSet None = new([]);

    readonly string[] grants = [.. grants];

    public IReadOnlyList<string> Grants => grants;

    /// <param name="permission">A concrete permission, without wildcards.</param>
    public bool Allows(string permission)
    {
        foreach (var grant in grants)
        {
            if (Matches(grant, permission))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether everything that <paramref name="pattern"/> (which may hold wildcards) stands for is granted.</summary>
    public bool Covers(string pattern) => Array.Exists(grants, grant => Matches(grant, pattern));

    /// <summary>What both sets allow: an API key can never do more than its person may.</summary>
    public PermissionSet Intersect(PermissionSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new PermissionSet(grants.Where(other.Covers).Union(other.grants.Where(Covers)));
    }

    static bool Matches(ReadOnlySpan<char> grant, ReadOnlySpan<char> permission)
    {
        if (grant is "*")
        {
            return true;
        }

        var colon = grant.IndexOf(':');
        var split = permission.IndexOf(':');
        return colon > 0 && split > 0
            && Side(grant[..colon], permission[..split])
            && Side(grant[(colon + 1)..], permission[(split + 1)..]);

        static bool Side(ReadOnlySpan<char> grant, ReadOnlySpan<char> asked) => grant is "*" || grant.SequenceEqual(asked);
    }
}
