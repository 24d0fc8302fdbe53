using System.Text;
using System.Text.Json.Serialization;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Execution.Conversations;

/// <summary>A small attachment, kept with its message.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Text">Of a text; <paramref name="Base64"/> of an image.</param>
public sealed record MessageFile(string Name, string MediaType, int Bytes, string? Text, string? Base64)
{
    public const int MaxFiles = 8;

    /// <summary>Of all files of a message together: with a history they still fit into a run's input.</summary>
    public const int MaxBytes = 512 * 1024;

    const int MaxName = 255;

    static readonly string[] Images = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    static readonly string[] Texts = ["application/json", "application/xml", "application/yaml"];

    [JsonIgnore]
    public bool IsImage => Base64 is not null;

    /// <summary>The bytes as they were sent.</summary>
    public byte[] Content() => Base64 is { } image ? Convert.FromBase64String(image) : Encoding.UTF8.GetBytes(Text ?? "");

    /// <summary>Reads what a caller attached.</summary>
    /// <returns>The files; or every fault with its place.</returns>
    public static (IReadOnlyList<MessageFile> Files, IReadOnlyList<FieldError> Faults) Read(IReadOnlyList<GivenFile> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        var (files, faults) = (new List<MessageFile>(given.Count), new List<FieldError>());
        if (given.Count > MaxFiles)
        {
            faults.Add(new("/files", "too_many", $"A message has at most {MaxFiles} files."));
            return (files, faults);
        }

        foreach (var (i, file) in given.Index())
        {
            var (read, fault) = Read(file, $"/files/{i}");
            if (fault is not null)
            {
                faults.Add(fault);
            }
            else
            {
                files.Add(read!);
            }
        }

        if (files.Sum(file => (long)file.Bytes) > MaxBytes)
        {
            faults.Add(new("/files", "too_large", $"The files of a message have at most {MaxBytes} bytes together."));
        }

        return (files, faults);
    }

    static (MessageFile?, FieldError?) Read(GivenFile file, string at)
    {
        if (file.Name.Length is 0 or > MaxName || file.Name.Any(char.IsControl))
        {
            return (null, new($"{at}/name", "length", $"The name of a file has 1 to {MaxName} characters, and no control characters."));
        }

        var type = file.MediaType.Split(';')[0].Trim().ToLowerInvariant();
        var isImage = Images.Contains(type, StringComparer.Ordinal);
        if (!isImage && !Texts.Contains(type, StringComparer.Ordinal) && !IsText(type))
        {
            return (null, new($"{at}/media_type", "unsupported_file", $"A file is a text (text/…, {string.Join(", ", Texts)}) or one of {string.Join(", ", Images)}."));
        }

        // Four characters are three bytes.
        var bytes = new byte[(file.Base64.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(file.Base64, bytes, out var length) || length == 0)
        {
            return (null, new($"{at}/base64", "invalid_base64", "This is the file in base64, at least one byte."));
        }

        if (isImage)
        {
            return (new MessageFile(file.Name, type, length, null, Convert.ToBase64String(bytes, 0, length)), null);
        }

        return Decode(bytes.AsSpan(0, length)) is { } text
            ? (new MessageFile(file.Name, type, length, text, null), null)
            : (null, new($"{at}/base64", "not_utf8", "A text file is UTF-8 without null characters."));
    }

    static bool IsText(string type) => type.StartsWith("text/", StringComparison.Ordinal) && type.Length is > 5 and <= 127 && type.All(c => c is > ' ' and <= '~');

    static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

/// <summary>An attachment as it was sent.</summary>
public sealed record GivenFile(string Name, string MediaType, string Base64);
