using AgentPlatform.Api.Authentication;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>Signing up, in and out, and the signed-in person's own things.</summary>
static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var account = app.MapGroup("/v1").WithTags("Account").ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        account.MapPost("/signup", async (Body<SignUp> body, HttpContext http, CallContext call, IMediator mediator) =>
                Enter(http, await WithoutReplay(call, () => mediator.Send(body.Value, http.RequestAborted)), created: true))
            .WithMetadata(new CredentialsIgnored()).WithName("SignUp").WithSummary("Creates a person and their tenant, and signs them in")
            .Produces<AccountAnswer>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        account.MapPost("/login", async (Body<Login> body, HttpContext http, CallContext call, IMediator mediator) =>
                Enter(http, await WithoutReplay(call, () => mediator.Send(body.Value, http.RequestAborted))))
            .WithMetadata(new CredentialsIgnored()).WithName("Login").WithSummary("Signs a person in: a session cookie and the CSRF token for it")
            .Produces<AccountAnswer>().ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        account.MapPost("/logout", async (HttpContext http, IMediator mediator) =>
            {
                SessionCookie.Delete(http);
                return (await mediator.Send(new Logout(), http.RequestAborted)).ToNoContent();
            })
            .WithName("Logout").WithSummary("Ends the session, at once").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status401Unauthorized);

        account.MapGet("/me", async (HttpContext http, IMediator mediator) => Answer(http, await mediator.Send(new GetAccount(), http.RequestAborted)))
            .WithName("GetAccount").WithSummary("Who I am, where, and what I may do").Produces<AccountAnswer>().ProducesProblem(StatusCodes.Status401Unauthorized);

        account.MapPatch("/me", async (Body<UpdateAccount> body, HttpContext http, IMediator mediator) => Answer(http, await mediator.Send(body.Value, http.RequestAborted)))
            .WithName("UpdateAccount").WithSummary("Changes my name, user name or picture")
            .Produces<AccountAnswer>().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status409Conflict);

        account.MapPost("/me/password", async (Body<ChangePassword> body, HttpContext http, CallContext call, IMediator mediator) =>
                (await WithoutReplay(call, () => mediator.Send(body.Value, http.RequestAborted))).ToNoContent())
            .WithName("ChangePassword").WithSummary("Changes my password and ends my other sessions")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);

        account.MapPost("/me/tenant", async (Body<SwitchTenant> body, HttpContext http, CallContext call, IMediator mediator) =>
                Enter(http, await WithoutReplay(call, () => mediator.Send(body.Value, http.RequestAborted))))
            .WithName("SwitchTenant").WithSummary("Goes on in another tenant, with a new session")
            .Produces<AccountAnswer>().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status404NotFound);

        account.MapGet("/me/sessions", async (int? limit, string? cursor, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListSessions(new PageRequest(limit, cursor)), http.RequestAborted)).ToOk())
            .WithName("ListSessions").WithSummary("Where I am signed in").Produces<Page<SessionView>>().ProducesProblem(StatusCodes.Status401Unauthorized);

        account.MapDelete("/me/sessions/{id:guid}", async (Guid id, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new EndSession(id), http.RequestAborted)).ToNoContent())
            .WithName("EndSession").WithSummary("Signs me out somewhere else, at once")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status404NotFound);

        account.MapPost("/invitations/accept", async (Body<AcceptInvitation> body, HttpContext http, CallContext call, IMediator mediator) =>
                Enter(http, await WithoutReplay(call, () => mediator.Send(body.Value, http.RequestAborted))))
            .WithName("AcceptInvitation").WithSummary("Joins a tenant: as the signed-in person, or as a new one with name and password")
            .Produces<AccountAnswer>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>What signs somebody in is never answered from the store of earlier answers: the answer would carry a secret, and a repeat must count.</summary>
    static Task<T> WithoutReplay<T>(CallContext call, Func<Task<T>> send)
    {
        call.IdempotencyKey = null;
        return send();
    }

    static IResult Enter(HttpContext http, Result<SignedIn> result, bool created = false)
    {
        if (!result.IsOk)
        {
            return result.Error.ToProblem();
        }

        SessionCookie.Write(http, result.Value.Token);
        var answer = AccountAnswer.Of(result.Value.Account, result.Value.Token.CsrfToken);
        return created ? TypedResults.Created("/v1/me", answer) : TypedResults.Ok(answer);
    }

    /// <summary>A program with an API key gets no CSRF token: it needs none.</summary>
    static IResult Answer(HttpContext http, Result<AccountView> result) => result.Map(account =>
        AccountAnswer.Of(account, http.Request.Headers.Authorization.Count > 0 ? null : SessionCookie.Read(http)?.CsrfToken)).ToOk();
}

/// <param name="CsrfToken">To be sent as <c>X-CSRF-Token</c> with every unsafe request that comes with the cookie.</param>
sealed record AccountAnswer(
    UserView User, TenantView? Tenant, string? Role, IReadOnlyList<string> Permissions, IReadOnlyList<TenantSummary> Tenants, string? CsrfToken)
{
    public static AccountAnswer Of(AccountView account, string? csrfToken) =>
        new(account.User, account.Tenant, account.Role, account.Permissions, account.Tenants, csrfToken);
}
