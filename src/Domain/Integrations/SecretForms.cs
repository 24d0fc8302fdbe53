using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace AgentPlatform.Domain.Integrations;

/// <summary>
/// The looks under which a secret may come back: as it is, in base64 and base64url wherever in a longer text it begins, in hexadecimal, percent-encoded, escaped for JSON
/// or HTML. Letters' case is no difference: a peer that answers in lower case has not kept the secret either.
/// </summary>
public sealed class SecretForms : IEquatable<SecretForms>
{
    /// <summary>Shorter values are left alone: they would be found in half of all texts, and who guesses them needs no answer to read them in.</summary>
    public const int MinLength = 6;

    readonly SearchValues<string> search;

    SecretForms(string[] forms)
    {
        All = forms;
        Longest = forms.Max(form => form.Length);
        search = SearchValues.Create(forms, StringComparison.OrdinalIgnoreCase);
        IsNumeric = forms.Any(form => form.All(char.IsAsciiDigit));
    }

    /// <summary>The longest first.</summary>
    public IReadOnlyList<string> All { get; }

    public int Longest { get; }

    /// <summary>One of them could come back as a number.</summary>
    public bool IsNumeric { get; }

    /// <returns>Null when there is nothing to look for.</returns>
    public static SecretForms? Of(IEnumerable<string> secrets)
    {
        var forms = secrets.Where(secret => secret.Length >= MinLength).SelectMany(Of).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(form => form.Length).ToArray();
        return forms.Length == 0 ? null : new SecretForms(forms);
    }

    /// <summary>Where the first of them begins, and how long it is there; -1 when there is none.</summary>
    public (int Start, int Length) FindIn(ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAny(search);
        if (start < 0)
        {
            return (-1, 0);
        }

        foreach (var form in All)
        {
            if (text[start..].StartsWith(form, StringComparison.OrdinalIgnoreCase))
            {
                return (start, form.Length);
            }
        }

        return (-1, 0);
    }

    public bool Equals(SecretForms? other) => ReferenceEquals(this, other) || (other is not null && All.SequenceEqual(other.All, StringComparer.Ordinal));

    public override bool Equals(object? obj) => Equals(obj as SecretForms);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(All[0]);

    static IEnumerable<string> Of(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return JavaScriptEncoder.Default.Encode(secret);
        yield return JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret);
        yield return JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret).Replace("/", "\\/", StringComparison.Ordinal);
        yield return WebUtility.HtmlEncode(secret);
        yield return Uri.EscapeDataString(secret);
        yield return Uri.EscapeDataString(secret).Replace("%20", "+", StringComparison.Ordinal);
        yield return string.Concat(bytes.Select(b => "%" + b.ToString("X2", CultureInfo.InvariantCulture)));
        yield return Convert.ToHexStringLower(bytes);
        for (var offset = 0; offset < 3; offset++)
        {
            if (Inner(bytes, offset) is { Length: >= MinLength } inner)
            {
                yield return inner;
                yield return inner.Replace('+', '-').Replace('/', '_');
            }
        }
    }

    /// <summary>The part of the base64 of a longer text that only the secret decides, when it begins <paramref name="offset"/> bytes after a group of three.</summary>
    static string Inner(byte[] secret, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. secret]);
        var first = ((offset * 8) + 5) / 6;
        var last = (offset + secret.Length) * 8 / 6;
        return text[first..last];
    }
}
