using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.Infrastructure.Shared.Secrets;

/// <summary>Seals small secrets for the database: AES-256-GCM, bound to the tenant, the purpose and the object that they belong to, so that a sealed
/// value copied to another row, another column or another tenant does not open.</summary>
/// <remarks>Layout: version (1 byte) · key id (4) · nonce (12) · ciphertext (as long as the secret) · tag (16). Random nonces are safe here: each tenant and purpose
/// has a key of its own, and none of them seals anything near 2^32 values.</remarks>
public sealed class SecretBox(KeyRing keys)
{
    /// <summary>Over one key alone.</summary>
    public SecretBox(MasterKey key)
        : this(new KeyRing(key))
    {
    }

    /// <summary>How much longer a sealed value is than the secret.</summary>
    public const int Overhead = HeaderLength + NonceLength + TagLength;

    /// <summary>A secret or a stored answer, not a file.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    const byte Version = 1;
    const int NonceLength = 12;
    const int TagLength = 16;
    const int HeaderLength = 1 + MasterKey.IdLength;
    const int MaxPurposeLength = 64;

    /// <summary>Seals a secret.</summary>
    /// <param name="plain">The secret, at most <see cref="MaxLength"/> bytes.</param>
    /// <param name="tenantId">Whose it is.</param>
    /// <param name="purpose">What it is for: 1 to 64 ASCII characters that never change, for example <c>webhook_secret</c>.</param>
    /// <param name="objectId">The row that holds it.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, Guid tenantId, string purpose, Guid objectId)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, MaxLength, nameof(plain));
        var box = new byte[plain.Length + Overhead];
        box[0] = Version;
        keys.Current.Id.CopyTo(box.AsSpan(1));
        var nonce = box.AsSpan(HeaderLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);

        Span<byte> context = stackalloc byte[MaxContextLength];
        context = WriteContext(context, box.AsSpan(0, HeaderLength), tenantId, purpose, objectId);
        using var cipher = Cipher(keys.Current, tenantId, purpose);
        cipher.Encrypt(nonce, plain, box.AsSpan(HeaderLength + NonceLength, plain.Length), box.AsSpan(box.Length - TagLength), context);
        return box;
    }

    /// <summary>Opens what <see cref="Seal"/> made with the same tenant, purpose and object. False for anything else: a changed byte, another context,
    /// another key. That is never a user's mistake, so the caller logs it as an alarm.</summary>
    public bool TryOpen(ReadOnlySpan<byte> box, Guid tenantId, string purpose, Guid objectId, [NotNullWhen(true)] out byte[]? plain)
    {
        plain = null;
        if (box.Length is < Overhead or > MaxLength + Overhead || box[0] != Version || keys.Find(box[1..HeaderLength]) is not { } key)
            return false;

        Span<byte> context = stackalloc byte[MaxContextLength];
        context = WriteContext(context, box[..HeaderLength], tenantId, purpose, objectId);
        var opened = new byte[box.Length - Overhead];
        using var cipher = Cipher(key, tenantId, purpose);
        try
        {
            cipher.Decrypt(box.Slice(HeaderLength, NonceLength), box[(HeaderLength + NonceLength)..^TagLength], box[^TagLength..], opened, context);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        plain = opened;
        return true;
    }

    const int MaxContextLength = HeaderLength + 16 + 16 + MaxPurposeLength;

    /// <summary>Version and key id · tenant · object · purpose: all but the last of fixed length, so that no two contexts look alike.</summary>
    static Span<byte> WriteContext(Span<byte> target, ReadOnlySpan<byte> header, Guid tenantId, string purpose, Guid objectId)
    {
        header.CopyTo(target);
        tenantId.TryWriteBytes(target[HeaderLength..], bigEndian: true, out _);
        objectId.TryWriteBytes(target[(HeaderLength + 16)..], bigEndian: true, out _);
        return target[..(HeaderLength + 32 + WritePurpose(target[(HeaderLength + 32)..], purpose))];
    }

    static int WritePurpose(Span<byte> target, string purpose)
    {
        if (purpose.Length is 0 or > MaxPurposeLength || !Ascii.IsValid(purpose))
            throw new ArgumentException($"A purpose has 1 to {MaxPurposeLength} ASCII characters.", nameof(purpose));
        return Encoding.ASCII.GetBytes(purpose, target);
    }

    /// <summary>What stands after the first byte of every box that the current key sealed.</summary>
    public byte[] CurrentKeyId => keys.Current.Id.ToArray();

    /// <summary>Whether a box was sealed with the current key.</summary>
    public bool IsCurrent(ReadOnlySpan<byte> box) => box.Length >= Overhead && box[1..HeaderLength].SequenceEqual(keys.Current.Id);

    static AesGcm Cipher(MasterKey key, Guid tenantId, string purpose)
    {
        Span<byte> info = stackalloc byte[sizeof(uint) + 16 + MaxPurposeLength];
        BinaryPrimitives.WriteUInt32BigEndian(info, Version);
        tenantId.TryWriteBytes(info[sizeof(uint)..], bigEndian: true, out _);
        var length = sizeof(uint) + 16 + WritePurpose(info[(sizeof(uint) + 16)..], purpose);

        Span<byte> subKey = stackalloc byte[MasterKey.Length];
        key.Derive(info[..length], subKey);
        try
        {
            return new AesGcm(subKey, TagLength);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(subKey);
        }
    }
}
