using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>hash</c>: a digest, with a key an HMAC, of a text as UTF-8 or of any other value as canonical JSON (RFC 8785).</summary>
sealed class HashSkill : IPureSkill
{
    const int MaxKey = 4096;

    public string Handles => "builtin/hash";

    public SkillOutcome Run(SkillCall call)
    {
        var with = call.With;
        if (Algorithm(with.Text("algorithm") ?? "sha256") is not { } algorithm)
        {
            return Arguments.Refused("hash knows the algorithms sha256, sha512, sha1 and md5.");
        }

        if (with.Value("key") is { } given && given is not { Kind: DatumKind.String, Length: > 0 and <= MaxKey })
        {
            return Arguments.Refused($"A key is a text of 1 to {MaxKey} characters.");
        }

        var value = with.TryGetProperty("value", out var asked) ? asked : Datum.Null;
        var data = value.Kind is DatumKind.String ? Encoding.UTF8.GetBytes(value.GetString()) : CanonicalJson.Write(value.ToJsonElement());
        var digest = with.Text("key") is { } key
            ? CryptographicOperations.HmacData(algorithm, Encoding.UTF8.GetBytes(key), data)
            : CryptographicOperations.HashData(algorithm, data);
        return Encode(digest, with.Text("encoding") ?? "hex") is { } text
            ? Datum.FromObject(new Dictionary<string, Datum> { ["digest"] = Datum.From(text) })
            : Arguments.Refused("hash knows the encodings hex, base64 and base64url.");
    }

    static HashAlgorithmName? Algorithm(string name) => name switch
    {
        "sha256" => HashAlgorithmName.SHA256,
        "sha512" => HashAlgorithmName.SHA512,
        "sha1" => HashAlgorithmName.SHA1,
        "md5" => HashAlgorithmName.MD5,
        _ => null,
    };

    static string? Encode(byte[] digest, string encoding) => encoding switch
    {
        "hex" => Convert.ToHexStringLower(digest),
        "base64" => Convert.ToBase64String(digest),
        "base64url" => Base64Url.EncodeToString(digest),
        _ => null,
    };
}
