using AgentPlatform.Api.Http;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>Secrets of the outside world: they go in, and never come out.</summary>
static class CredentialsEndpoints
{
    public static void MapCredentials(this IEndpointRouteBuilder app)
    {
        var credentials = app.MapGroup("/v1/credentials").WithTags("Credentials").ProducesProblem(401).ProducesProblem(403);
        credentials.MapPost("", Create).WithName("CreateCredential").WithSummary("Stores a secret, encrypted; it is never answered again.")
            .Produces<CredentialView>(201).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
        credentials.MapGet("", async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListCredentials(new PageRequest(limit, cursor)), ct)).ToOk())
            .WithName("ListCredentials").WithSummary("The tenant's credentials and one's own, without their secrets.").Produces<Page<CredentialView>>();
        credentials.MapGet("/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new GetCredential(id), ct)).ToOk())
            .WithName("GetCredential").WithSummary("One credential, without its secret.").Produces<CredentialView>().ProducesProblem(404);
        credentials.MapDelete("/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new DeleteCredential(id), ct)).ToNoContent())
            .WithName("DeleteCredential").WithSummary("Deletes a credential with its secret, for good.").Produces(204).ProducesProblem(404);
        credentials.MapPost("/{id:guid}/rotate", async (Guid id, Body<SecretChange> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new RotateCredential(id, new SecretFields(body.Value.Secret), body.Value.AllowedHosts, body.Value.ExpiresAt), ct)).ToOk())
            .WithName("RotateCredential").WithSummary("Gives a credential another secret; the former one is gone.").Produces<CredentialView>().ProducesProblem(404).ProducesProblem(422).ProducesProblem(503);
        credentials.MapPost("/{id:guid}/test", async (Guid id, OptionalBody<CredentialTrial> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new TestCredential(id, body.Value.Url), ct)).ToOk())
            .WithName("TestCredential").WithSummary("Tries a credential at the address that its integration names, or at one of its allowed hosts.")
            .Produces<CredentialTest>().ProducesProblem(404).ProducesProblem(422);
        credentials.MapGet("/{id:guid}/uses", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new GetCredentialUses(id), ct)).ToOk())
            .WithName("GetCredentialUses").WithSummary("The agents that name a credential in their latest version.").Produces<CredentialUses>().ProducesProblem(404);
    }

    static async Task<IResult> Create(Body<NewSecret> body, IMediator mediator, CancellationToken ct)
    {
        var request = body.Value;
        var created = await mediator.Send(
            new CreateCredential(
                request.Name, new SecretFields(request.Secret), request.Vendor, request.Integration, request.Scope, request.Agent, request.AuthType, request.Header, request.Prefix,
                request.AllowedHosts, request.Scopes, request.ExpiresAt),
            ct);
        return created.ToCreated(view => $"/v1/credentials/{view.Id}");
    }
}

/// <param name="Secret">Its parts by name: api_key; or token; or username and password; for OAuth client_id and client_secret.</param>
/// <param name="Scope">tenant (the default), user (the caller's own runs) or agent.</param>
/// <param name="Agent">Id or slug, for scope agent.</param>
/// <param name="AuthType">api_key, bearer_token, basic or oauth2; by default what its integration asks for.</param>
/// <param name="Header">The header that carries it; by default Authorization, for an API key X-Api-Key.</param>
/// <param name="Prefix">What stands before it in the header; by default "Bearer " in Authorization.</param>
/// <param name="AllowedHosts">Where it may be sent: api.example.com, *.example.com. By default the hosts of its vendor or integration.</param>
sealed record NewSecret(
    string Name, Dictionary<string, string> Secret, string? Vendor = null, string? Integration = null, string? Scope = null, string? Agent = null, string? AuthType = null, string? Header = null,
    string? Prefix = null, string[]? AllowedHosts = null, string[]? Scopes = null, DateTimeOffset? ExpiresAt = null);

/// <param name="AllowedHosts">Null: as they were.</param>
/// <param name="ExpiresAt">Null: without end.</param>
sealed record SecretChange(Dictionary<string, string> Secret, string[]? AllowedHosts = null, DateTimeOffset? ExpiresAt = null);

sealed record CredentialTrial
{
    /// <summary>An address at one of its allowed hosts; by default the one that its integration names.</summary>
    public string? Url { get; init; }
}
