using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

static class ExecutionErrors
{
    public static readonly Error TriggerNotFound = Error.NotFound("trigger");

    public static readonly Error NoSchedule = Error.Conflict("no_schedule", "Only triggers of kind schedule have times.");

    public static readonly Error RunNotFound = Error.NotFound("run");

    public static readonly Error PathTaken = Error.Conflict("path_taken", "Another trigger of this tenant has that path.");

    /// <summary>The same words for every webhook that is not there, is disabled, or belongs to a tenant that is not served.</summary>
    public static readonly Error WebhookNotFound = Error.NotFound("webhook");

    public static readonly Error TooManyGuesses = new(ErrorKind.LimitReached, "too_many_requests", "Too many requests to unknown webhooks.")
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    public static readonly Error IntakeFull = new(ErrorKind.LimitReached, "queue_full", "More runs are waiting than this server takes; nothing was stored.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static readonly Error TenantQueueFull = new(ErrorKind.LimitReached, "tenant_queue_full", "As many runs of this tenant wait as its plan allows; nothing was stored.")
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    public static Error RateLimited(TimeSpan retryAfter) => new(ErrorKind.LimitReached, "rate_limited", "A rate limit of the agent or of the trigger is reached; nothing was stored.")
    {
        RetryAfter = retryAfter,
    };

    public static readonly Error KeyReused =
        new(ErrorKind.Invalid, "idempotency_key_reused", "This idempotency key was used before for another request.");

    public static readonly Error TooManyStreams = new(ErrorKind.LimitReached, "too_many_streams", "This tenant has 100 streams open on this server already.")
    {
        RetryAfter = TimeSpan.FromSeconds(30),
    };

    public static readonly Error ApprovalNotFound = Error.NotFound("approval");

    public static readonly Error StepNotFound = new(ErrorKind.NotFound, "step_not_found", "The run has no stored step of that node.");

    public static readonly Error BulkNotFound = Error.NotFound("bulk_operation");

    /// <summary>Somebody else holds the run's row for too long; nothing was changed.</summary>
    public static readonly Error RunBusy = new(ErrorKind.Unavailable, "run_busy", "The run is being changed right now; repeat the request shortly.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static Error RunFinished(string status) => Error.Conflict("run_finished", $"The run has ended ({status}).");

    public static Error BadSignature(string code) => new(ErrorKind.Unauthenticated, code, "The delivery's signature was not accepted.");
}
