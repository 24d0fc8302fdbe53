using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AgentPlatform.Domain.Agents;

/// <summary>A version number by semver.org 2.0. Order and equality ignore the build part (<c>+…</c>), as the specification asks.</summary>
public readonly struct SemanticVersion : IComparable<SemanticVersion>, IEquatable<SemanticVersion>
{
    /// <summary>Characters of the whole text, and so of the database column.</summary>
    public const int MaxLength = 64;

    public const string Rule = "A version has three numbers, like 1.4.0; a pre-release may follow, like 2.0.0-beta.1.";

    SemanticVersion(int major, int minor, int patch, string preRelease, string build)
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        this.preRelease = preRelease;
        this.build = build;
    }

    // Null in default(SemanticVersion), which is 0.0.0.
    readonly string? preRelease;
    readonly string? build;

    public static SemanticVersion First { get; } = new(1, 0, 0, "", "");

    public int Major { get; }
    public int Minor { get; }
    public int Patch { get; }

    /// <summary>Dot-separated identifiers without the hyphen before them; "" for a release.</summary>
    public string PreRelease => preRelease ?? "";

    /// <summary>Without the plus before it; "" when there is none.</summary>
    public string Build => build ?? "";

    public bool IsPreRelease => PreRelease.Length > 0;

    /// <summary>The release after this one: of a pre-release, the release that it announces (1.2.0-rc.1 → 1.2.0).</summary>
    public SemanticVersion NextPatch() => new(Major, Minor, IsPreRelease ? Patch : checked(Patch + 1), "", "");

    public SemanticVersion NextMinor() => new(Major, IsPreRelease && Patch == 0 ? Minor : checked(Minor + 1), 0, "", "");

    public static bool TryParse([NotNullWhen(true)] string? text, out SemanticVersion version)
    {
        version = default;
        if (text is null || text.Length > MaxLength)
            return false;

        var (rest, build) = Split(text, '+');
        var (core, preRelease) = Split(rest, '-');
        if (build is "" || preRelease is "" || !IsDotted(build, numbersAreCanonical: false) || !IsDotted(preRelease, numbersAreCanonical: true))
            return false;

        var numbers = core.Split('.');
        if (numbers.Length != 3 || !TryNumber(numbers[0], out var major) || !TryNumber(numbers[1], out var minor) || !TryNumber(numbers[2], out var patch))
            return false;

        version = new SemanticVersion(major, minor, patch, preRelease ?? "", build ?? "");
        return true;
    }

    public int CompareTo(SemanticVersion other)
    {
        var byNumber = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (byNumber != 0)
            return byNumber;
        if (IsPreRelease != other.IsPreRelease)
            return IsPreRelease ? -1 : 1;
        return ComparePreReleases(PreRelease, other.PreRelease);
    }

    public bool Equals(SemanticVersion other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is SemanticVersion other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Major, Minor, Patch, PreRelease);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}{(IsPreRelease ? "-" : "")}{PreRelease}{(Build.Length > 0 ? "+" : "")}{Build}");

    public static bool operator ==(SemanticVersion left, SemanticVersion right) => left.Equals(right);
    public static bool operator !=(SemanticVersion left, SemanticVersion right) => !left.Equals(right);
    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;
    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;
    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;
    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    /// <summary>Digits without a leading zero, at most 999 999 999: it fits an int, and one can still be added.</summary>
    internal static bool TryNumber(string text, out int number)
    {
        number = 0;
        return IsCanonicalNumber(text) && text.Length <= 9 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    static (string Head, string? Tail) Split(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);

    static bool IsDotted(string? identifiers, bool numbersAreCanonical) => identifiers is null || Array.TrueForAll(
        identifiers.Split('.'),
        i => i.Length > 0
            && i.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && (!numbersAreCanonical || !i.All(char.IsAsciiDigit) || IsCanonicalNumber(i)));

    static bool IsCanonicalNumber(string text) =>
        text.Length > 0 && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0');

    static int ComparePreReleases(string left, string right)
    {
        string[] a = left.Split('.'), b = right.Split('.');
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var order = CompareIdentifiers(a[i], b[i]);
            if (order != 0)
                return order;
        }

        return a.Length.CompareTo(b.Length);
    }

    // Numbers come before words. They have no leading zeros, so the longer number is the greater, whatever its length.
    static int CompareIdentifiers(string a, string b)
    {
        bool aIsNumber = a.All(char.IsAsciiDigit), bIsNumber = b.All(char.IsAsciiDigit);
        if (aIsNumber != bIsNumber)
            return aIsNumber ? -1 : 1;
        return aIsNumber && a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
    }
}
