using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Agents;

/// <summary>The limits that the database's CHECKs hold as well, said first in the caller's terms: a pointer, a code and a sentence.</summary>
static class FieldChecks
{
    /// <summary>Length in characters as PostgreSQL counts them (code points, not UTF-16 units).</summary>
    public static IEnumerable<FieldError> Text(string pointer, string? text, int min, int max)
    {
        if (text is null)
        {
            yield break;
        }

        var length = text.EnumerateRunes().Count();
        if (length < min)
        {
            yield return new FieldError(pointer, "too_short", min == 1 ? "This may not be empty." : $"This needs at least {min} characters.");
        }
        else if (length > max)
        {
            yield return new FieldError(pointer, "too_long", $"This may have at most {max} characters; it has {length}.");
        }
    }

    public static IEnumerable<FieldError> RequiredText(string pointer, string? text, int min, int max) =>
        text is null ? [Required(pointer)] : Text(pointer, text, min, max);

    public static FieldError Required(string pointer) => new(pointer, "required", "This is required.");

    public static IEnumerable<FieldError> OneOf(string pointer, string? value, IReadOnlyList<string> allowed) =>
        value is null || allowed.Contains(value)
            ? []
            : [new FieldError(pointer, "not_allowed", $"This is one of: {string.Join(", ", allowed)}.")];

    /// <summary>An object whose JSON text is not too long.</summary>
    public static IEnumerable<FieldError> Object(string pointer, JsonElement value, int maxBytes)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            yield return new FieldError(pointer, "wrong_type", "This is an object.");
        }
        else if (Encoding.UTF8.GetByteCount(value.GetRawText()) > maxBytes)
        {
            yield return new FieldError(pointer, "too_large", $"This may have at most {maxBytes} bytes.");
        }
    }

    /// <summary>The pointer of a member, its name escaped as RFC 6901 asks.</summary>
    public static string At(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>A slug that is no UUID either: in a URL, <c>{agent}</c> takes an id or a slug, and the two must not be confused.</summary>
    public static IEnumerable<FieldError> Slug(string pointer, string? slug)
    {
        if (Shared.Slug.Check(pointer, slug) is { } fault)
        {
            yield return fault;
        }
        else if (Guid.TryParseExact(slug, "D", out _))
        {
            yield return new FieldError(pointer, "invalid_slug", "A slug may not look like an id.");
        }
    }

    /// <summary>A list of labels: slug-like, each at most once, at most 32.</summary>
    public static IEnumerable<FieldError> Labels(string pointer, IReadOnlyList<string>? labels)
    {
        const int max = 32;
        if (labels is null)
        {
            yield break;
        }

        if (labels.Count > max)
        {
            yield return new FieldError(pointer, "too_many", $"At most {max} are allowed; there are {labels.Count}.");
            yield break;
        }

        var seen = new HashSet<string>();
        for (var i = 0; i < labels.Count; i++)
        {
            if (!IsLabel(labels[i]))
            {
                yield return new FieldError($"{pointer}/{i}", "invalid_label", "1 to 63 characters: a-z, 0-9, hyphens and underscores, beginning and ending with a letter or digit.");
            }
            else if (!seen.Add(labels[i]))
            {
                yield return new FieldError($"{pointer}/{i}", "duplicate", $"\"{labels[i]}\" is there already.");
            }
        }
    }

    // Features and capabilities have underscores (image_generation), so a label is a slug that may hold them.
    static bool IsLabel(string? label) => label is not null && Shared.Slug.IsValid(label.Replace('_', '-'));
}
