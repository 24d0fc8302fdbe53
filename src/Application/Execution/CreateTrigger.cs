using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Flow;
using AgentPlatform.Domain.Execution.Webhooks;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <param name="Kind">webhook or manual; schedules and events come with the scheduler.</param>
/// <param name="Path">1 to 128 of letters, digits, _ and -; made of 128 random bits when not given, and always where nothing is signed.</param>
/// <param name="Secret">The sender's own secret, where the sender makes it (GitHub, Stripe, Slack); otherwise one is made.</param>
[Requires("triggers:write")]
public sealed partial record CreateTrigger(
    string Agent,
    string Name,
    string Kind,
    string? Path = null,
    string? Signature = null,
    string? Secret = null,
    JsonElement? Input = null,
    string? Version = null,
    FlowSettings? Flow = null) : ICommand<TriggerWithSecret>, IValidate
{
    public IEnumerable<FieldError> Validate()
    {
        if (Name is not { Length: >= 1 and <= 255 })
        {
            yield return new FieldError("/name", "length", "A name has 1 to 255 characters.");
        }

        if (Kind is "schedule" or "event")
        {
            yield return new FieldError("/kind", "trigger_kind_not_available", $"Triggers of kind {Kind} are not available on this server yet; use webhook or manual.");
        }
        else if (Kind is not ("webhook" or "manual"))
        {
            yield return new FieldError("/kind", "unknown_kind", "A trigger's kind is webhook or manual.");
        }

        foreach (var fault in (Kind is "webhook" ? ValidateWebhook() : ValidateManual()).Concat(Flow?.Check() ?? []))
        {
            yield return fault;
        }
    }

    IEnumerable<FieldError> ValidateWebhook()
    {
        var scheme = SignatureScheme.Standard;
        if (Signature is not null && !SignatureSchemes.TryParse(Signature, out scheme))
        {
            yield return new FieldError("/signature", "unknown_signature", "A signature is standard, github, stripe, slack or none.");
        }
        else if (scheme is SignatureScheme.None && (Path is not null || Secret is not null))
        {
            // Without a signature the address is the only secret: it must not be guessable.
            yield return new FieldError(Path is not null ? "/path" : "/secret", "unsigned_webhook", "A webhook without a signature gets a random path and has no secret; leave this out.");
        }
        else if (Secret is not null && !WebhookSecret.TryParse(scheme, Secret, out _))
        {
            yield return new FieldError("/secret", "invalid_secret", "The secret does not have the form or the length that this signature needs.");
        }

        if (Path is not null && !PathPattern().IsMatch(Path))
        {
            yield return new FieldError("/path", "invalid_path", "A path has 1 to 128 letters, digits, underscores and hyphens.");
        }
    }

    IEnumerable<FieldError> ValidateManual()
    {
        foreach (var (value, name) in new[] { (Path, "path"), (Signature, "signature"), (Secret, "secret") })
        {
            if (value is not null)
            {
                yield return new FieldError($"/{name}", "only_for_webhooks", $"Only webhook triggers have a {name}.");
            }
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}

file sealed class Handler(ITriggers triggers, IInputMappings mappings, IFlowKeys keys, IMediator mediator, IAudit audit, CallContext call, TimeProvider time)
    : IRequestHandler<CreateTrigger, Result<TriggerWithSecret>>
{
    public async Task<Result<TriggerWithSecret>> Handle(CreateTrigger request, CancellationToken cancellationToken)
    {
        if (request.Input is { } mapping && mappings.Check(mapping, "/input") is { Count: > 0 } faults)
        {
            return Error.Invalid(faults);
        }

        var flow = request.Flow ?? new FlowSettings();
        if (keys.Check(flow) is { Count: > 0 } wrong)
        {
            return Error.Invalid(wrong);
        }

        var agent = await mediator.Send(new GetAgentReference(request.Agent, request.Version), cancellationToken);
        if (!agent.IsOk)
        {
            return agent.Error;
        }

        var (scheme, secret) = Secret(request);
        var trigger = new NewTrigger(
            Guid.CreateVersion7(time.GetUtcNow()), agent.Value.AgentId, request.Kind,
            new TriggerFields(request.Name, request.Input, request.Version is null ? null : agent.Value.VersionId, flow),
            request.Kind is "webhook" ? request.Path ?? RandomPath() : null, scheme, Key(scheme, secret), call.UserId);
        if (!await triggers.Add(trigger, cancellationToken))
        {
            return ExecutionErrors.PathTaken;
        }

        var view = (await triggers.Find(trigger.Id, cancellationToken))!;
        audit.Record("trigger.created", "trigger", view.Id.ToString(), after: view);
        return new TriggerWithSecret(view, secret);
    }

    static (SignatureScheme? Scheme, string? Secret) Secret(CreateTrigger request)
    {
        if (request.Kind is not "webhook")
        {
            return (null, null);
        }

        var scheme = SignatureScheme.Standard;
        _ = request.Signature is null || SignatureSchemes.TryParse(request.Signature, out scheme);
        return (scheme, scheme is SignatureScheme.None ? null : request.Secret ?? WebhookSecret.Generate());
    }

    static byte[]? Key(SignatureScheme? scheme, string? secret) =>
        scheme is { } known && secret is not null && WebhookSecret.TryParse(known, secret, out var key) ? key : null;

    static string RandomPath() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
