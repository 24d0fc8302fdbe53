using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentPlatform.Domain.Execution.Webhooks;

/// <summary>The signatures that a sender presented, decoded into a buffer on the caller's stack. Those that do not fit are not looked at.</summary>
ref struct PresentedMacs(Span<byte> buffer)
{
    const int MacLength = HMACSHA256.HashSizeInBytes;
    const int Base64MacLength = 44;
    const int StackLimit = 4_096;

    readonly Span<byte> _buffer = buffer;
    int _count;

    public void AddBase64(ReadOnlySpan<char> text)
    {
        Span<byte> ascii = stackalloc byte[Base64MacLength];
        Span<byte> mac = stackalloc byte[Base64MacLength];
        if (text.Length == Base64MacLength
            && Encoding.ASCII.TryGetBytes(text, ascii, out _)
            && Base64.DecodeFromUtf8(ascii, mac, out _, out var written) == OperationStatus.Done)
        {
            Add(mac[..written]);
        }
    }

    public void AddHex(ReadOnlySpan<char> text)
    {
        Span<byte> mac = stackalloc byte[MacLength];
        if (text.Length == MacLength * 2 && Convert.FromHexString(text, mac, out _, out var written) == OperationStatus.Done)
            Add(mac[..written]);
    }

    void Add(scoped ReadOnlySpan<byte> mac)
    {
        if (mac.Length != MacLength || (_count + 1) * MacLength > _buffer.Length)
            return;
        mac.CopyTo(_buffer[(_count * MacLength)..]);
        _count++;
    }

    /// <summary>Compares with what each live secret gives for <paramref name="signedPrefix"/> followed by the body.</summary>
    public readonly WebhookVerdict Judge(
        ReadOnlySpan<byte> body,
        IReadOnlyList<ReadOnlyMemory<byte>> secrets,
        string signedPrefix,
        string? deliveryId,
        bool idIsSigned,
        string? bodyIdProperty = null)
    {
        if (_count == 0)
            return WebhookVerdict.Refuse(WebhookRefusal.MalformedSignature);
        if (!MatchesAny(body, secrets, signedPrefix))
            return WebhookVerdict.Refuse(WebhookRefusal.BadSignature);

        return WebhookVerdict.Accept(deliveryId ?? IdOf(body, bodyIdProperty), idIsSigned);
    }

    readonly bool MatchesAny(ReadOnlySpan<byte> body, IReadOnlyList<ReadOnlyMemory<byte>> secrets, string signedPrefix)
    {
        if (signedPrefix.Length == 0)
            return MatchesAny(body, secrets);

        // One copy behind the prefix costs less than an incremental hash, which allocates and cannot run on the stack.
        var length = signedPrefix.Length + body.Length;
        byte[]? rented = null;
        var signed = length <= StackLimit ? stackalloc byte[StackLimit] : (rented = ArrayPool<byte>.Shared.Rent(length));
        try
        {
            Encoding.ASCII.GetBytes(signedPrefix, signed);
            body.CopyTo(signed[signedPrefix.Length..]);
            return MatchesAny(signed[..length], secrets);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    readonly bool MatchesAny(ReadOnlySpan<byte> signed, IReadOnlyList<ReadOnlyMemory<byte>> secrets)
    {
        Span<byte> expected = stackalloc byte[MacLength];
        var matched = false;
        for (var i = 0; i < Math.Min(secrets.Count, WebhookSignatures.MaxLiveSecrets); i++)
        {
            // An empty key is one that everybody knows.
            if (secrets[i].IsEmpty)
                continue;
            HMACSHA256.HashData(secrets[i].Span, signed, expected);
            // No early exit: the time taken does not tell which secret or which signature matched.
            for (var j = 0; j < _count; j++)
                matched |= CryptographicOperations.FixedTimeEquals(expected, _buffer.Slice(j * MacLength, MacLength));
        }

        return matched;
    }

    /// <summary>The sender's own id from the signed body, or a digest of the body: both are the same for every attempt, while the signature is not.</summary>
    static string IdOf(ReadOnlySpan<byte> body, string? property)
    {
        if (property is not null && TopLevelString(body, property) is { } id && WebhookSignatures.IsDeliveryId(id))
            return id;

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, digest);
        return "sha256:" + Convert.ToHexStringLower(digest);
    }

    static string? TopLevelString(ReadOnlySpan<byte> body, string property)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals(property);
                if (!reader.Read())
                    return null;
                if (found)
                    return reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped ? reader.GetString() : null;
                reader.Skip();
            }

            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON (Slack also sends forms), or not valid text: the digest names the delivery then.
            return null;
        }
    }
}
