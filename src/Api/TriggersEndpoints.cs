using System.Text.Json;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Execution.Flow;
using AgentPlatform.Domain.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

public static class TriggersEndpoints
{
    public static IEndpointRouteBuilder MapTriggers(this IEndpointRouteBuilder app)
    {
        var triggers = app.MapGroup("/v1").WithTags("Triggers");
        triggers.MapPost("/agents/{agent}/triggers", Create).WithName("CreateTrigger").WithSummary("Makes a trigger; a webhook's secret is answered this once.")
            .Produces<CreatedTrigger>(201).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        triggers.MapGet("/agents/{agent}/triggers", List).WithName("ListTriggers").WithSummary("An agent's triggers, the newest first.").Produces<Page<TriggerView>>().ProducesProblem(404);
        triggers.MapGet("/triggers", async (string? agent, string? kind, bool? enabled, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListTriggers(new PageRequest(limit, cursor), agent, kind, enabled), ct)).ToOk())
            .WithName("ListAllTriggers").WithSummary("The tenant's triggers, the newest first; by agent, kind, or whether they are enabled.").Produces<Page<TriggerView>>().ProducesProblem(404).ProducesProblem(422);
        triggers.MapGet("/triggers/{id:guid}", Get).WithName("GetTrigger").WithSummary("One trigger.").Produces<TriggerView>().ProducesProblem(404);
        triggers.MapPatch("/triggers/{id:guid}", Update).WithName("UpdateTrigger").WithSummary("Changes name, input mapping, pinned version, schedule, topic or how runs are let in.")
            .Produces<TriggerView>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422);
        triggers.MapDelete("/triggers/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new DeleteTrigger(id), ct)).ToNoContent())
            .WithName("DeleteTrigger").WithSummary("Deletes a trigger; its address answers 404 from then on.").Produces(204).ProducesProblem(404);
        triggers.MapPost("/triggers/{id:guid}/enable", (Guid id, IMediator mediator, CancellationToken ct) => SetEnabled(id, true, mediator, ct))
            .WithName("EnableTrigger").WithSummary("Takes deliveries again.").Produces<TriggerView>().ProducesProblem(404);
        triggers.MapPost("/triggers/{id:guid}/disable", (Guid id, IMediator mediator, CancellationToken ct) => SetEnabled(id, false, mediator, ct))
            .WithName("DisableTrigger").WithSummary("Takes no deliveries until it is enabled.").Produces<TriggerView>().ProducesProblem(404);
        triggers.MapPost("/triggers/{id:guid}/fire", Fire).WithName("FireTrigger").WithSummary("Fires the trigger by hand with a body of your own.")
            .Produces<ExecutionEndpoints.AcceptedRun>(202).Produces<RunView>().ProducesProblem(404).ProducesProblem(422);
        triggers.MapPost("/triggers/{id:guid}/rotate-secret", Rotate).WithName("RotateTriggerSecret").WithSummary("Makes a new secret; the former one counts for a grace time too.")
            .Produces<CreatedTrigger>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        triggers.MapGet("/triggers/{id:guid}/next", async (Guid id, int? count, IMediator mediator, CancellationToken ct) => (await mediator.Send(new ListNextFires(id, count), ct)).ToOk())
            .WithName("ListNextFires").WithSummary("When a schedule fires next, and its expression in words.").Produces<CronPreview>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        triggers.MapPost("/cron/preview", async (Body<CronRequest> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new PreviewCron(body.Value.Cron, body.Value.TimeZone, body.Value.Count), ct)).ToOk())
            .WithName("PreviewCron").WithSummary("What a cron expression means: in words, and its next times.").Produces<CronPreview>().ProducesProblem(422);
        return app;
    }

    static async Task<IResult> Create(string agent, Body<TriggerRequest> body, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var request = body.Value;
        var flow = new FlowSettings(
            request.Concurrency ?? FlowSettings.Allow, request.MaxConcurrency, request.ConcurrencyKey, request.DebounceMs, request.DebounceMaxMs, request.DebounceKey, request.RateLimit);
        var created = await mediator.Send(
            new CreateTrigger(
                agent, request.Name, request.Kind, request.Path, request.Signature, request.Secret, request.Input, request.Version,
                request.Cron, request.TimeZone, request.Misfire, request.Topic, flow),
            ct);
        return created.IsOk ? (await WithUrl(created.Value, http, mediator, ct)).ToCreated(view => $"/v1/triggers/{view.Id}") : created.Error.ToProblem();
    }

    static async Task<IResult> List(string agent, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new ListTriggers(new PageRequest(limit, cursor), agent), ct)).ToOk();

    static async Task<IResult> Get(Guid id, HttpContext http, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new GetTrigger(id), ct)).ToOk(http, view => view.UpdatedAt);

    static async Task<IResult> Update(Guid id, Body<TriggerChange> body, [FromHeader(Name = "If-Match")] string? ifMatch, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var seen = ETags.Parse(ifMatch);
        if (!seen.IsOk)
        {
            return seen.Error.ToProblem();
        }

        var change = body.Value;
        var updated = await mediator.Send(
            new UpdateTrigger(id, change.Name, change.Input, change.Version, change.Cron, change.TimeZone, change.Misfire, change.Topic, seen.Value, change.Flow()), ct);
        return updated.ToOk(http, view => view.UpdatedAt);
    }

    static async Task<IResult> SetEnabled(Guid id, bool isEnabled, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new SetTriggerEnabled(id, isEnabled), ct)).ToOk();

    static async Task<IResult> Fire(Guid id, bool? wait, Body<FireRequest> body, IMediator mediator, CancellationToken ct) =>
        await ExecutionEndpoints.Answer(await mediator.Send(new FireTrigger(id, body.Value.Input), ct), wait is true, mediator, ct);

    static async Task<IResult> Rotate(Guid id, Body<RotateRequest> body, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var rotated = await mediator.Send(new RotateTriggerSecret(id, body.Value.Secret, body.Value.GraceHours), ct);
        return rotated.IsOk ? (await WithUrl(rotated.Value, http, mediator, ct)).ToOk() : rotated.Error.ToProblem();
    }

    /// <summary>The address as the caller reaches this server, ready to be given to a sender.</summary>
    static async Task<Result<CreatedTrigger>> WithUrl(TriggerWithSecret made, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        if (made.Trigger.Path is not { } path)
        {
            return CreatedTrigger.Of(made, null);
        }

        var slug = await mediator.Send(new GetOwnSlug(), ct);
        return slug.Map(tenant => CreatedTrigger.Of(made, $"{http.Request.Scheme}://{http.Request.Host}/hooks/{tenant}/{path}"));
    }

    public sealed record TriggerRequest(
        string Name, string Kind, string? Path = null, string? Signature = null, string? Secret = null, JsonElement? Input = null, string? Version = null,
        string? Concurrency = null, int? MaxConcurrency = null, string? ConcurrencyKey = null, long? DebounceMs = null, long? DebounceMaxMs = null, string? DebounceKey = null,
        RateLimit? RateLimit = null, string? Cron = null, string? TimeZone = null, string? Misfire = null, string? Topic = null);

    public sealed record TriggerChange(
        string? Name = null, JsonElement? Input = null, string? Version = null, string? Cron = null, string? TimeZone = null, string? Misfire = null, string? Topic = null)
    {
        public Optional<string> Concurrency { get; init; }

        public Optional<int?> MaxConcurrency { get; init; }

        public Optional<string> ConcurrencyKey { get; init; }

        public Optional<long?> DebounceMs { get; init; }

        public Optional<long?> DebounceMaxMs { get; init; }

        public Optional<string> DebounceKey { get; init; }

        public Optional<RateLimit> RateLimit { get; init; }

        internal FlowChange Flow() => new(Concurrency, MaxConcurrency, ConcurrencyKey, DebounceMs, DebounceMaxMs, DebounceKey, RateLimit);
    }

    public sealed record CronRequest(string Cron, string? TimeZone = null, int? Count = null);

    public sealed record FireRequest(JsonElement? Input = null);

    public sealed record RotateRequest(string? Secret = null, int? GraceHours = null);

    /// <summary>The trigger with what only this answer holds.</summary>
    public sealed record CreatedTrigger(
        Guid Id, Guid AgentId, string Name, string Kind, string? Path, string? Url, string? Signature, string? Secret,
        string? Cron, string? TimeZone, string? Misfire, DateTimeOffset? NextFireAt, string? Topic, JsonElement? Input, Guid? VersionId, string Concurrency,
        bool IsEnabled, DateTimeOffset? PreviousSecretExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
        int? MaxConcurrency, string? ConcurrencyKey, long? DebounceMs, long? DebounceMaxMs, string? DebounceKey, JsonElement? RateLimit)
    {
        internal static CreatedTrigger Of(TriggerWithSecret made, string? url)
        {
            var view = made.Trigger;
            return new CreatedTrigger(
                view.Id, view.AgentId, view.Name, view.Kind, view.Path, url, view.Signature, made.Secret,
                view.Cron, view.TimeZone, view.Misfire, view.NextFireAt, view.Topic, view.Input, view.VersionId, view.Concurrency,
                view.IsEnabled, view.PreviousSecretExpiresAt, view.CreatedAt, view.UpdatedAt,
                view.MaxConcurrency, view.ConcurrencyKey, view.DebounceMs, view.DebounceMaxMs, view.DebounceKey, view.RateLimit);
        }
    }
}
