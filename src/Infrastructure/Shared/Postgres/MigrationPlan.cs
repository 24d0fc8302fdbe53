namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>
/// The order of migrations: within a module by number, modules in the order below, and a file after those that its header names.
/// </summary>
static class MigrationPlan
{
    static readonly string[] Modules = ["platform", "tenants", "agents", "execution", "integrations", "knowledge", "billing"];

    /// <summary>All of them, in the order in which a new database gets them.</summary>
    /// <exception cref="MigrationException">Two files of one number, an unknown name in a header, or a circle.</exception>
    public static IReadOnlyList<MigrationFile> Order(IEnumerable<MigrationFile> files)
    {
        var open = files.OrderBy(x => Rank(x.Module)).ThenBy(x => x.Module, StringComparer.Ordinal).ThenBy(x => x.Version).ToList();
        var twice = open.GroupBy(x => x.Id, StringComparer.Ordinal).FirstOrDefault(x => x.Count() > 1);
        if (twice is not null)
        {
            throw new MigrationException($"{string.Join(" and ", twice.Select(x => x.Path))} have the same number.");
        }
        var known = open.Select(x => x.Id).ToHashSet(StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var ordered = new List<MigrationFile>(open.Count);
        while (open.Count > 0)
        {
            // The first that is free, looked for from the start each time: what was waiting for it comes directly after.
            var next = open.Find(file => IsFree(file, open, known, done))
                ?? throw new MigrationException($"{string.Join(", ", open.Select(x => x.Path))} wait for each other.");
            open.Remove(next);
            done.Add(next.Id);
            ordered.Add(next);
        }
        return ordered;
    }

    static bool IsFree(MigrationFile file, List<MigrationFile> open, HashSet<string> known, HashSet<string> done)
    {
        if (file.After.FirstOrDefault(x => !known.Contains(x)) is { } missing)
        {
            throw new MigrationException($"{file.Path} comes after {missing}, which does not exist.");
        }
        return file.After.All(done.Contains) && !open.Exists(x => x.Module == file.Module && x.Version < file.Version);
    }

    static int Rank(string module) => Array.IndexOf(Modules, module) is var i && i < 0 ? Modules.Length : i;
}
