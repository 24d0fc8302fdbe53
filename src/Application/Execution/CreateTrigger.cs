using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Flow;
using AgentPlatform.Domain.Execution.Schedules;
using AgentPlatform.Domain.Execution.Webhooks;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <param name="Kind">webhook, schedule, event or manual.</param>
/// <param name="Path">1 to 128 of letters, digits, _ and -; made of 128 random bits when not given, and always where nothing is signed.</param>
/// <param name="Secret">The sender's own secret, where the sender makes it (GitHub, Stripe, Slack); otherwise one is made.</param>
/// <param name="Cron">For schedules: five fields (crontab), six or seven (Quartz), <c>@daily</c> and its kin, or <c>@every 15m</c>; at most 255 characters.</param>
/// <param name="TimeZone">IANA name; UTC when not given.</param>
/// <param name="Misfire">skip, once (when not given) or all: what becomes of times that nobody could fire.</param>
/// <param name="Topic">For event triggers: the events that they wait for.</param>
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
    string? Cron = null,
    string? TimeZone = null,
    string? Misfire = null,
    string? Topic = null,
    FlowSettings? Flow = null) : ICommand<TriggerWithSecret>, IValidate
{
    public IEnumerable<FieldError> Validate()
    {
        if (Name is not { Length: >= 1 and <= 255 })
        {
            yield return new FieldError("/name", "length", "A name has 1 to 255 characters.");
        }

        if (Kind is not ("webhook" or "schedule" or "event" or "manual"))
        {
            yield return new FieldError("/kind", "unknown_kind", "A trigger's kind is webhook, schedule, event or manual.");
        }

        foreach (var fault in (Kind is "webhook" ? ValidateWebhook() : Misplaced("webhook", ("path", Path), ("signature", Signature), ("secret", Secret)))
            .Concat(Kind is "schedule" ? ValidateSchedule() : Misplaced("schedule", ("cron", Cron), ("time_zone", TimeZone), ("misfire", Misfire)))
            .Concat(Kind is "event" ? ValidateEvent() : Misplaced("event", ("topic", Topic)))
            .Concat(Flow?.Check() ?? []))
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

    IEnumerable<FieldError> ValidateSchedule() => Cron is null
        ? [new FieldError("/cron", "required", "A schedule needs a cron expression.")]
        : ScheduleRules.Check(Cron, TimeZone, Misfire);

    IEnumerable<FieldError> ValidateEvent() => Topic is null ? [new FieldError("/topic", "required", "An event trigger needs a topic.")]
        : ScheduleRules.CheckTopic(Topic) is { } fault ? [fault] : [];

    static IEnumerable<FieldError> Misplaced(string kind, params (string Name, string? Value)[] members) =>
        from member in members
        where member.Value is not null
        select new FieldError($"/{member.Name}", $"only_for_{kind}s", $"Only {kind} triggers have a {member.Name}.");

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}

file sealed class Handler(ITriggers triggers, IInputMappings mappings, IFlowKeys keys, IMediator mediator, IAudit audit, CallContext call, TimeProvider time)
    : IRequestHandler<CreateTrigger, Result<TriggerWithSecret>>
{
    public async Task<Result<TriggerWithSecret>> Handle(CreateTrigger request, CancellationToken cancellationToken)
    {
        if (request.Input is { } mapping && mappings.Check(mapping, request.Kind, "/input") is { Count: > 0 } faults)
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

        var schedule = await Schedule(request, cancellationToken);
        if (!schedule.IsOk)
        {
            return schedule.Error;
        }

        var (scheme, secret) = Secret(request);
        var trigger = new NewTrigger(
            Guid.CreateVersion7(time.GetUtcNow()), agent.Value.AgentId, request.Kind,
            new TriggerFields(request.Name, request.Input, request.Version is null ? null : agent.Value.VersionId, flow, schedule.Value, request.Topic),
            request.Kind is "webhook" ? request.Path ?? RandomPath() : null, scheme, Key(scheme, secret), call.UserId);
        if (!await triggers.Add(trigger, cancellationToken))
        {
            return ExecutionErrors.PathTaken;
        }

        var view = (await triggers.Find(trigger.Id, cancellationToken))!;
        audit.Record("trigger.created", "trigger", view.Id.ToString(), after: view);
        return new TriggerWithSecret(view, secret);
    }

    async Task<Result<Schedule?>> Schedule(CreateTrigger request, CancellationToken ct) => request is not { Kind: "schedule", Cron: { } cron }
        ? Result<Schedule?>.Ok(null)
        : ScheduleRules.Begin(
            cron, request.TimeZone ?? ScheduleRules.DefaultTimeZone, request.Misfire is { } misfire ? MisfirePolicies.Parse(misfire)!.Value : MisfirePolicy.Once, await triggers.Now(ct))
            .Map(begun => (Schedule?)begun);

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
