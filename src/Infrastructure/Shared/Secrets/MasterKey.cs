using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Shared.Secrets;

/// <summary>The key that all stored secrets hang on: 32 random bytes, in base64, in a file that only the service may read.</summary>
public sealed class MasterKey
{
    public const string ConfigurationKey = "Encryption:KeyFile";
    public const int Length = 32;
    public const int IdLength = 4;

    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode OthersMask = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    readonly byte[] _key;
    readonly byte[] _id;

    /// <summary>A key from its 32 bytes.</summary>
    public MasterKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Length)
            throw new ArgumentException($"The master key has {Length} bytes.", nameof(key));
        _key = key.ToArray();
        _id = HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, IdLength, info: "agentplatform key id"u8.ToArray());
    }

    /// <summary>Names the key inside sealed values without telling anything about it.</summary>
    public ReadOnlySpan<byte> Id => _id;

    /// <summary>The key for one tenant and one purpose, so that a sealed value fits nowhere else even before its context is compared.</summary>
    internal void Derive(ReadOnlySpan<byte> info, Span<byte> subKey) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, subKey, salt: [], info);

    /// <summary>Reads <c>Encryption__KeyFile</c>, by default <c>keys/master.key</c> below the data directory, and makes it on the first start.</summary>
    /// <exception cref="StartException">The file cannot be used; the message is one sentence for the operator.</exception>
    public static MasterKey FromConfiguration(IConfiguration configuration, string dataDirectory) =>
        LoadOrCreate(configuration[ConfigurationKey] is { Length: > 0 } path ? path : Path.Combine(dataDirectory, "keys", "master.key"));

    /// <inheritdoc cref="FromConfiguration"/>
    public static MasterKey LoadOrCreate(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            if (!File.Exists(path))
                Create(path);
            return Load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The encryption key file {path} cannot be read or made: {e.Message}", e);
        }
    }

    static MasterKey Load(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMask) != UnixFileMode.None)
            throw new StartException($"The encryption key file {path} can be used by others than its owner; run chmod 600 on it.");

        var text = File.ReadAllText(path).Trim();
        var key = new byte[Length];
        if (!Convert.TryFromBase64String(text, key, out var length) || length != Length)
            throw new StartException($"The encryption key file {path} does not hold {Length} bytes in base64; restore it from the backup, for without it stored secrets cannot be read.");
        return new MasterKey(key);
    }

    /// <summary>Writes a whole file under another name and links it into place: of several nodes that start at once, one wins and all read its key.</summary>
    static void Create(string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);

        var draft = Path.Combine(directory, $".{Path.GetFileName(path)}.{Guid.CreateVersion7():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length)) + "\n"));
                // A key that is lost with the power after secrets were sealed with it would take them along.
                file.Flush(flushToDisk: true);
            }

            Publish(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Gives the draft its name unless another node was faster, whose key is then the one.</summary>
    /// <remarks>On Unix <c>File.Move</c> looks first and renames then, so that two nodes could each replace the other's key; link(2) does both in one step.</remarks>
    static void Publish(string draft, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(draft, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                // The other node's file is whole: it was moved there too.
            }
        }
        else if (Link(draft, path) != 0 && Marshal.GetLastPInvokeError() is var error && !File.Exists(path))
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string created);
}
