using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>Names of people, tenants and keys, as people write them: any script, no control characters.</summary>
static class PersonName
{
    public static FieldError? Check(string pointer, string? name, int max = 200) =>
        !string.IsNullOrWhiteSpace(name) && name.Trim().Length <= max && !name.Any(char.IsControl) && IsWellFormed(name)
            ? null
            : new FieldError(pointer, "invalid_name", $"A name has 1 to {max} characters and no control characters.");

    /// <summary>Lone surrogates cannot be stored as UTF-8.</summary>
    public static bool IsWellFormed(string text) => System.Text.Unicode.Utf16.IsValid(text);
}
