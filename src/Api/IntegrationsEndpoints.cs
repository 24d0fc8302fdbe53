using System.Text.Json;
using AgentPlatform.Api.Authentication;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

/// <summary>What credentials are for, and how people consent to them.</summary>
static class IntegrationsEndpoints
{
    const string CallbackPath = "/v1/oauth/callback";

    /// <summary>Where others send people back to, as this request names this server.</summary>
    public static string CallbackOf(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}{CallbackPath}";

    /// <summary>The web app's, from which people consent.</summary>
    const string Page = "/credentials";

    public static void MapIntegrations(this IEndpointRouteBuilder app)
    {
        var integrations = app.MapGroup("/v1/integrations").WithTags("Integrations").ProducesProblem(401).ProducesProblem(403);
        integrations.MapGet("", async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListIntegrations(new PageRequest(limit, cursor)), ct)).ToOk())
            .WithName("ListIntegrations").WithSummary("The platform's integrations and the tenant's own.").Produces<Page<IntegrationView>>();
        integrations.MapPost("", async (Body<NewIntegration> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new CreateIntegration(body.Value.Slug, body.Value.Name, body.Value.AuthType, body.Value.Spec, body.Value.Description), ct))
                .ToCreated(view => $"/v1/integrations/{view.Slug}"))
            .WithName("CreateIntegration").WithSummary("Adds an integration of the tenant's own.").Produces<IntegrationView>(201).ProducesProblem(409).ProducesProblem(422);
        integrations.MapPost("/import", async (Body<OpenApiImport> body, IMediator mediator, CancellationToken ct) =>
            {
                var request = body.Value;
                var imported = await mediator.Send(new ImportIntegration(request.Slug, request.Document, request.Operations ?? [], request.Name, request.BaseUrl, request.Preview), ct);
                return request.Preview ? imported.ToOk() : imported.ToCreated(made => $"/v1/integrations/{made.Slug}");
            })
            .WithName("ImportIntegration").WithSummary("Makes an integration and skills of an OpenAPI document, or says what could be made of it.")
            .Produces<ImportedIntegration>(201).Produces<ImportedIntegration>().ProducesProblem(409).ProducesProblem(422);
        integrations.MapGet("/{integration}", async (string integration, IMediator mediator, CancellationToken ct) => (await mediator.Send(new GetIntegration(integration), ct)).ToOk())
            .WithName("GetIntegration").WithSummary("One integration.").Produces<IntegrationView>().ProducesProblem(404);
        integrations.MapGet("/{integration}/authorize", Authorize).WithName("AuthorizeIntegration")
            .WithSummary("Sends the browser to where a person consents.").Produces(302).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        app.MapGet(CallbackPath, Callback).WithMetadata(new CredentialsIgnored()).WithTags("Integrations").WithName("OAuthCallback")
            .WithSummary("Where consents come back to; called by browsers only.").Produces<CredentialView>().Produces(302).ProducesProblem(400).ProducesProblem(422);
    }

    static async Task<IResult> Authorize(
        string integration, Guid? credential, [FromQuery(Name = "return_to")] string? returnTo, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var begun = await mediator.Send(new BeginConsent(integration, credential, CallbackOf(http), returnTo), ct);
        if (!begun.IsOk)
        {
            return Refused(http, begun.Error);
        }

        http.Response.Cookies.Append(begun.Value.Cookie, begun.Value.BrowserToken, CookieOf(http, ConsentBegun.Lifetime));
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Redirect(begun.Value.Url);
    }

    static async Task<IResult> Callback(string? state, string? code, string? error, string? iss, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var cookie = state is { Length: <= 200 } ? ConsentBegun.CookieOf(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(state))) : "";
        var given = await mediator.Send(new FinishConsent(state, code, error, iss, http.Request.Cookies[cookie]), ct);
        http.Response.Headers.CacheControl = "no-store";
        // The address holds the code: it must not go on to the next page.
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (!given.IsOk)
        {
            return Refused(http, given.Error);
        }

        http.Response.Cookies.Delete(cookie, CookieOf(http, null));
        return (given.Value.ReturnTo ?? (WebApp.WantsPage(http) ? Page : null)) is { } path ? TypedResults.LocalRedirect(path) : TypedResults.Ok(given.Value.Credential);
    }

    /// <summary>A person who was sent around by their browser comes back to a page that says what went wrong; a program gets the refusal itself.</summary>
    static IResult Refused(HttpContext http, Error error) =>
        WebApp.WantsPage(http) ? TypedResults.LocalRedirect($"{Page}?problem={Uri.EscapeDataString(error.Code)}") : error.ToProblem();

    static CookieOptions CookieOf(HttpContext http, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        Secure = http.Request.IsHttps,
        // It comes along when another site sends the browser here, which is what a consent is.
        SameSite = SameSiteMode.Lax,
        Path = CallbackPath,
        MaxAge = lifetime,
    };
}

/// <param name="AuthType">oauth2, api_key, bearer_token, basic or none.</param>
/// <param name="Spec">hosts, header, prefix, test {url}, oauth {authorize_url, token_url, scopes, parameters, client_auth, issuer, resource, tells_issuer}.</param>
sealed record NewIntegration(string Slug, string Name, string AuthType, JsonElement Spec, string? Description = null);

/// <param name="Document">The OpenAPI document (3.0 or 3.1): an object, or its text in JSON or YAML.</param>
/// <param name="Operations">Ids of the operations that become skills, at most 100.</param>
/// <param name="BaseUrl">Where the API is; by default the document's first server.</param>
/// <param name="Preview">Only says what there is.</param>
sealed record OpenApiImport(string Slug, JsonElement Document, string[]? Operations = null, string? Name = null, string? BaseUrl = null, bool Preview = false);
