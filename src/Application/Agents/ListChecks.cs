using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>What a list's query string may hold. A query string is not read as strict JSON, so text is checked here.</summary>
static class ListChecks
{
    const int MaxLength = 255;

    public static IEnumerable<FieldError> Page(PageRequest page) =>
        page.IsSizeValid ? [] : [new FieldError("/limit", "out_of_range", $"A number between 1 and {PageRequest.MaxLimit}.")];

    public static IEnumerable<FieldError> Text(string pointer, string? text) =>
        text?.Contains('\0', StringComparison.Ordinal) == true
            ? [new FieldError(pointer, "nul_character", "The character NUL cannot be stored, so nothing has it.")]
            : FieldChecks.Text(pointer, text, 1, MaxLength);
}
