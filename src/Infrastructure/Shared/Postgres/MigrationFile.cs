using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>One file <c>db/migrations/&lt;module&gt;/NNNN_name.sql</c>: its two parts and what it comes after.</summary>
/// <param name="Path">As embedded; the name that errors use.</param>
/// <param name="After">Other modules' migrations (<c>tenants/0001</c>) from header lines <c>-- after: …</c>.</param>
/// <param name="Checksum">SHA-256, in hex, of the text with LF line ends: a checkout on Windows has the same.</param>
public sealed partial record MigrationFile(string Path, string Module, int Version, string Name, string Up, string Down, IReadOnlyList<string> After, string Checksum)
{
    const string UpMark = "-- migrate:up";
    const string DownMark = "-- migrate:down";

    /// <summary>How other migrations and <c>-- after:</c> name it: <c>platform/0001</c>.</summary>
    public string Id => IdOf(Module, Version);

    public static string IdOf(string module, int version) => $"{module}/{version:D4}";

    /// <summary>Those that are built into this assembly.</summary>
    public static IReadOnlyList<MigrationFile> Embedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. from name in assembly.GetManifestResourceNames()
               where name.StartsWith("db/migrations/", StringComparison.Ordinal)
               select Parse(name, Text(assembly, name)),
        ];
    }

    /// <summary>Splits a file into its parts.</summary>
    /// <exception cref="MigrationException">The name or the parts are not as they should be.</exception>
    public static MigrationFile Parse(string path, string text)
    {
        var name = PathPattern().Match(path);
        if (!name.Success)
        {
            throw new MigrationException($"{path}: a migration is named db/migrations/<module>/NNNN_name.sql.");
        }
        var normal = text.ReplaceLineEndings("\n");
        var lines = normal.Split('\n');
        var up = Array.IndexOf(lines, UpMark);
        var down = Array.IndexOf(lines, DownMark);
        if (up < 0 || down < up || lines.Count(x => x is UpMark or DownMark) != 2)
        {
            throw new MigrationException($"{path}: needs one line '{UpMark}' and after it one line '{DownMark}'.");
        }
        var after = from line in lines[..up] let match = AfterPattern().Match(line) where match.Success select match.Groups["id"].Value;
        return new(
            path,
            name.Groups["module"].Value,
            int.Parse(name.Groups["version"].Value, CultureInfo.InvariantCulture),
            name.Groups["name"].Value,
            Part(lines, up, down),
            Part(lines, down, lines.Length),
            [.. after],
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(normal))));
    }

    /// <summary>The part's lines with all others left empty, so that a line number in it is the file's.</summary>
    static string Part(string[] lines, int from, int to) =>
        string.Join('\n', lines.Select((line, i) => i > from && i < to ? line : "")).TrimEnd();

    static string Text(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("(^|/)(?<module>[a-z_]+)/(?<version>[0-9]{4})_(?<name>[a-z0-9_]+)\\.sql$", RegexOptions.ExplicitCapture)]
    private static partial Regex PathPattern();

    [GeneratedRegex("^-- after: (?<id>[a-z_]+/[0-9]{4})$", RegexOptions.ExplicitCapture)]
    private static partial Regex AfterPattern();
}

/// <summary>A migration cannot be read, does not fit what was applied before, or failed. The message is for the operator and names the file.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
