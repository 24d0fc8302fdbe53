namespace AgentPlatform.Architecture.Support;

/// <summary>The working tree that this build of the tests was made from.</summary>
static class Repository
{
    public static readonly string Root = FindRoot();

    /// <summary>Files under a folder by pattern, with <c>/</c>-separated paths from the root; nothing that a build wrote.</summary>
    public static IReadOnlyList<SourceFile> Files(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => new SourceFile(Path.GetRelativePath(Root, file).Replace('\\', '/'), file))
            .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.Contains("/bin/", StringComparison.Ordinal))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AgentPlatform.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No AgentPlatform.sln above the tests.");
        }

        return folder;
    }
}

sealed record SourceFile(string Path, string FullPath)
{
    public string Text => File.ReadAllText(FullPath);

    public override string ToString() => Path;
}
