using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Webhooks;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <param name="Secret">The sender's own new secret; one is made when not given.</param>
/// <param name="GraceHours">For so long deliveries signed with the former secret are accepted too: 0 to 168, 24 when not given.</param>
[Requires("triggers:write")]
public sealed record RotateTriggerSecret(Guid Id, string? Secret = null, int? GraceHours = null) : ICommand<TriggerWithSecret>, IValidate
{
    public const int DefaultGraceHours = 24;

    public IEnumerable<FieldError> Validate()
    {
        if (GraceHours is < 0 or > 168)
        {
            yield return new FieldError("/grace_hours", "out_of_range", "The grace is 0 to 168 hours.");
        }
    }
}

file sealed class Handler(ITriggers triggers, IAudit audit) : IRequestHandler<RotateTriggerSecret, Result<TriggerWithSecret>>
{
    public async Task<Result<TriggerWithSecret>> Handle(RotateTriggerSecret request, CancellationToken cancellationToken)
    {
        if (await triggers.Find(request.Id, cancellationToken) is not { } before)
        {
            return ExecutionErrors.TriggerNotFound;
        }

        if (!SignatureSchemes.TryParse(before.Signature, out var scheme) || scheme is SignatureScheme.None)
        {
            return Error.Conflict("no_secret", "This trigger has no secret to rotate.");
        }

        var secret = request.Secret ?? WebhookSecret.Generate();
        if (!WebhookSecret.TryParse(scheme, secret, out var key))
        {
            return Error.Invalid("/secret", "invalid_secret", "The secret does not have the form or the length that this signature needs.");
        }

        var grace = TimeSpan.FromHours(request.GraceHours ?? RotateTriggerSecret.DefaultGraceHours);
        var after = (await triggers.RotateSecret(request.Id, key, grace, cancellationToken))!;
        audit.Record("trigger.secret_rotated", "trigger", request.Id.ToString());
        return new TriggerWithSecret(after, secret);
    }
}
