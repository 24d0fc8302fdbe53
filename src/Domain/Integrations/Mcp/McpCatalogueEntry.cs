using System.Text.RegularExpressions;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Integrations.Mcp;

/// <summary>
/// A server that the operator lets tenants run as a process. The command and the shape of its arguments are the operator's; a tenant fills in
/// named values, each held to its pattern, and a value is always a part of one argument or of one variable, never an argument list and never a command.
/// </summary>
/// <param name="Command">Absolute path of a program; no shell is involved.</param>
/// <param name="Args">May hold <c>{value}</c> placeholders and <c>{workdir}</c>, the directory that the process has for itself.</param>
/// <param name="Env">The whole environment of the process but for <c>HOME</c>, <c>PATH</c> and <c>TMPDIR</c>; placeholders as in <paramref name="Args"/>.</param>
/// <param name="HasNetwork">False: the process has a network of its own with nothing in it.</param>
/// <param name="MemoryBytes">Data that one process may hold.</param>
public sealed record McpCatalogueEntry(
    string Name, string Title, string? Description, string Command, IReadOnlyList<string> Args, IReadOnlyDictionary<string, string> Env,
    IReadOnlyDictionary<string, McpValue> Values, bool HasNetwork, long MemoryBytes)
{
    public const string WorkDirectory = "workdir";

    /// <summary>The faults of the values that a tenant gives, and of those that are missing.</summary>
    public IEnumerable<FieldError> Check(string pointer, IReadOnlyDictionary<string, string> given)
    {
        foreach (var (name, text) in given)
        {
            if (!Values.TryGetValue(name, out var value))
            {
                var known = Values.Count == 0 ? "It takes no values." : $"It takes: {string.Join(", ", Values.Keys)}.";
                yield return new FieldError($"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", "unknown_value", $"The server {Name} has no such value. {known}");
            }
            else if (!value.Fits(text))
            {
                yield return new FieldError($"{pointer}/{name}", "invalid_value", $"This does not match {value.Pattern}, or begins with a hyphen, or is longer than {McpValue.MaxLength} characters.");
            }
        }

        foreach (var (name, _) in Values.Where(value => value.Value.IsRequired && !given.ContainsKey(value.Key)))
        {
            yield return new FieldError($"{pointer}/{name}", "required", $"The server {Name} needs this value.");
        }
    }
}

/// <param name="Pattern">What the whole of it must match; evaluated without backtracking.</param>
/// <param name="IsSecret">It is hidden in what the server answers.</param>
public sealed record McpValue(string Pattern, string? Description, bool IsRequired, bool IsSecret)
{
    public const int MaxLength = 1024;

    readonly Regex regex = new($@"\A(?:{Pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Whatever the pattern says: no control characters, and nothing that a program could take for an option.</summary>
    public bool Fits(string? text) =>
        text is { Length: <= MaxLength } && !text.StartsWith('-') && !text.Any(char.IsControl) && regex.IsMatch(text);
}
