using System.Text.Json;

namespace AgentPlatform.Domain.Execution;

/// <summary>Why a skill call failed, as the run engine stores it and as a node's <c>retry.on</c> and <c>on_error</c> judge it.</summary>
/// <param name="Code">Stable snake_case code of the exact reason, for example <c>response_too_large</c>.</param>
/// <param name="Message">One sentence for the agent's author. Holds no secret and no detail of the platform's own network.</param>
/// <param name="Class">What <c>retry.on</c> matches: one of <see cref="SkillErrorClass"/>.</param>
/// <param name="Retryable">Whether another attempt could end differently, as far as the skill can tell.</param>
/// <param name="RetryAfter">The peer's wish for the next attempt, between zero and one hour; a retry policy waits at least this long.</param>
/// <param name="Detail">A bounded JSON object with what the author needs to see, for example the status and the start of the body.</param>
public sealed record SkillError(
    string Code, string Message, string Class, bool Retryable, TimeSpan? RetryAfter = null, JsonElement? Detail = null);

/// <summary>The values of <see cref="SkillError.Class"/>: the vocabulary of <c>retry.on</c> in an agent graph.</summary>
public static class SkillErrorClass
{
    public const string Timeout = "timeout";
    public const string Network = "network";
    public const string ClientStatus = "4xx";
    public const string ServerStatus = "5xx";
    public const string TooManyRequests = "429";
    public const string Egress = "egress";
    public const string InvalidInput = "invalid_input";
    public const string InvalidResponse = "invalid_response";
    public const string Limit = "limit";

    /// <summary>A person said no, or nobody said anything in time.</summary>
    public const string Approval = "approval";

    /// <summary>The agent that a node called did not succeed.</summary>
    public const string Agent = "agent";

    /// <summary>There is no credential for the call, or it does not do any more.</summary>
    public const string Credential = "credential";

    /// <summary>A customer's code failed, or gave what is no result.</summary>
    public const string Code = "code";
    public const string Canceled = "canceled";
    public const string Expression = "expression";
}
