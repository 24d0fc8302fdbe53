using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>Names of people, tenants and keys, as people write them: any script, no control characters.</summary>
static class PersonName
{
    public static FieldError? Check(string pointer, string? name, int max = 200) =>
        !string.IsNullOrWhiteSpace(name) && name.Trim().Length <= max && !name.Any(char.IsControl)
            ? null
            : new FieldError(pointer, "invalid_name", $"A name has 1 to {max} characters and no control characters.");
}
