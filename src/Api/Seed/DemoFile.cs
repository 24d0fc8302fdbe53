using System.Text.Json;
using AgentPlatform.Application.Tenants;

namespace AgentPlatform.Api.Seed;

/// <summary>How to get into the demo tenant. It is no secret of a user's, but its file is its owner's alone all the same.</summary>
sealed record DemoAccess(Guid TenantId, string Tenant, string Email, string Password, IReadOnlyList<DemoWebhook> Webhooks);

/// <summary><c>demo.json</c> in the data directory of the node that made the demo tenant.</summary>
sealed class DemoFile(string dataDirectory)
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(dataDirectory, "demo.json"));

    /// <returns>Null when there is none, or none that can be read.</returns>
    public async Task<DemoAccess?> Read(CancellationToken ct)
    {
        try
        {
            return JsonSerializer.Deserialize<DemoAccess>(await File.ReadAllTextAsync(Path, ct), Json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Replaces the file in one step: a reader sees the former one or this one.</summary>
    public void Write(DemoAccess access)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var draft = $"{Path}.{Guid.CreateVersion7():n}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using (var file = new FileStream(draft, options))
            {
                JsonSerializer.Serialize(file, access, Json);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, Path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
