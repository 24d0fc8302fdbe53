namespace AgentPlatform.Browser.Support;

static class Repository
{
    /// <summary>Where the solution stands.</summary>
    public static string Root { get; } = Find();

    static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "AgentPlatform.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException("These tests stand in no checkout.");
        }

        return directory.FullName;
    }
}
