using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.Domain.Tenants;

/// <summary>
/// A secret that names its tenant: <c>&lt;kind&gt;_&lt;tenant, 22 base62&gt;_&lt;30 random base62 (178 bits)&gt;_&lt;6 base62 of the CRC-32 of all before it&gt;</c>.
/// The tenant lets row-level security hold while the secret is looked up; the checksum lets a typing error, and most guesses, be refused without a query;
/// the fixed form lets scanners find a leaked one. Only its SHA-256 is stored, which is enough for a random secret of this length.
/// </summary>
public sealed record TenantToken(string Text, Guid TenantId)
{
    public const string ApiKey = "ap";
    public const string Invitation = "inv";

    const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const int TenantLength = 22;
    const int SecretLength = 30;
    const int ChecksumLength = 6;

    /// <summary>What may be shown of it later, so that people recognise it: kind, tenant and four characters of the secret.</summary>
    public string Prefix => Text[..^(SecretLength - 4 + 1 + ChecksumLength)];

    public byte[] Hash => SHA256.HashData(Encoding.ASCII.GetBytes(Text));

    public static TenantToken Create(string kind, Guid tenantId)
    {
        var body = $"{kind}_{Base62(ToNumber(tenantId), TenantLength)}_{RandomNumberGenerator.GetString(Digits, SecretLength)}";
        return new TenantToken($"{body}_{Checksum(body)}", tenantId);
    }

    public static bool TryRead(string kind, string? text, [NotNullWhen(true)] out TenantToken? token)
    {
        token = null;
        if (text is null || text.Length != kind.Length + TenantLength + SecretLength + ChecksumLength + 3 || !text.StartsWith(kind + "_", StringComparison.Ordinal))
        {
            return false;
        }

        var parts = text.Split('_');
        if (parts is not [_, { Length: TenantLength } tenant, { Length: SecretLength } secret, var checksum]
            || !secret.All(char.IsAsciiLetterOrDigit)
            || checksum != Checksum(text[..^(ChecksumLength + 1)])
            || !TryParse(tenant, out var number))
        {
            return false;
        }

        token = new TenantToken(text, ToGuid(number));
        return true;
    }

    // The default would print the secret into a log.
    public override string ToString() => Prefix + "…";

    static UInt128 ToNumber(Guid id) => BinaryPrimitives.ReadUInt128BigEndian(id.ToByteArray(bigEndian: true));

    static Guid ToGuid(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new Guid(bytes, bigEndian: true);
    }

    static string Base62(UInt128 number, int length) => string.Create(length, number, static (text, rest) =>
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            (rest, var digit) = UInt128.DivRem(rest, 62);
            text[i] = Digits[(int)digit];
        }
    });

    static bool TryParse(string text, out UInt128 number)
    {
        number = 0;
        foreach (var character in text)
        {
            var digit = Digits.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0 || number > (UInt128.MaxValue - (UInt128)digit) / 62)
            {
                return false;
            }

            number = (number * 62) + (UInt128)digit;
        }

        return true;
    }

    static string Checksum(string text) => Base62(Crc32(text), ChecksumLength);

    // The IEEE polynomial, bit by bit: 60 characters need no table, and the framework has no public one.
    static uint Crc32(string ascii)
    {
        var crc = uint.MaxValue;
        foreach (var character in ascii)
        {
            crc ^= character;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }
}
