namespace AgentPlatform.Domain.Shared;

/// <summary>Why a request was refused; the API maps each kind to one status code.</summary>
public enum ErrorKind
{
    /// <summary>400: the request cannot be read at all (malformed JSON, bad header).</summary>
    Malformed,
    Unauthenticated,
    Forbidden,
    /// <summary>404: unknown, or another tenant's; the two answer alike.</summary>
    NotFound,
    Conflict,
    /// <summary>412: the caller's copy (<c>If-Match</c>) is stale.</summary>
    PreconditionFailed,
    TooLarge,
    UnsupportedMediaType,
    /// <summary>422: readable, but its content is at fault; <see cref="Error.Fields"/> names the places.</summary>
    Invalid,
    /// <summary>429: a limit was reached; <see cref="Error.RetryAfter"/> says when to come back.</summary>
    LimitReached,
    /// <summary>503: not now; nothing was stored.</summary>
    Unavailable,
}

/// <summary>One fault in the input.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) into the request body; "" is the whole.</param>
/// <param name="Code">Stable, machine-readable, snake_case.</param>
/// <param name="Message">One sentence that says what to do.</param>
public sealed record FieldError(string Pointer, string Code, string Message);

/// <summary>An expected refusal. Surprises are exceptions.</summary>
/// <param name="Code">Stable, machine-readable, snake_case; part of the API's contract.</param>
public sealed record Error(ErrorKind Kind, string Code, string Message)
{
    public IReadOnlyList<FieldError> Fields { get; init; } = [];

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>UTF-16 offset of the fault in a text that was sent (an expression, a template).</summary>
    public int? Position { get; init; }

    public static Error NotFound(string what) => new(ErrorKind.NotFound, $"{what}_not_found", $"There is no such {what.Replace('_', ' ')}.");

    public static Error Conflict(string code, string message) => new(ErrorKind.Conflict, code, message);

    public static Error Invalid(params IReadOnlyList<FieldError> fields) =>
        new(ErrorKind.Invalid, "invalid", fields.Count == 1 ? fields[0].Message : $"The request has {fields.Count} faults.") { Fields = fields };

    public static Error Invalid(string pointer, string code, string message) => Invalid([new FieldError(pointer, code, message)]);
}
