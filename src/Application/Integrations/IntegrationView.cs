using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations;

/// <param name="IsPlatform">It comes with the platform.</param>
/// <param name="Spec">hosts, header, prefix, test, oauth: never a secret.</param>
public sealed record IntegrationView(
    Guid Id, string Slug, string Name, string? Description, string AuthType, JsonElement Spec, bool IsPlatform, bool IsActive, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>The integrations that the tenant's credentials can be for: its own and the platform's.</summary>
[Requires("credentials:read")]
public sealed record ListIntegrations(PageRequest Page) : IQuery<Page<IntegrationView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => Page.Validate();
}

[Requires("credentials:read")]
public sealed record GetIntegration(string Slug) : IQuery<IntegrationView>;

static class IntegrationErrors
{
    public static readonly Error NotFound = Error.NotFound("integration");

    public static readonly Error SlugTaken = Error.Conflict("slug_taken", "There is an integration of this slug.");

    public static readonly Error NoOAuth = Error.Conflict("no_oauth", "Nobody consents to this integration: its credentials are not of kind oauth2.");

    public static readonly Error NoClient = new(ErrorKind.Invalid, "no_client", "There is no credential of this integration that holds a client_id; store one with the client_id and client_secret of your OAuth app.");

    public static readonly Error InvalidState = new(ErrorKind.Malformed, "invalid_state", "This consent was not begun in this browser, is over, or took longer than ten minutes; begin again.");

    public static readonly Error ConsentRefused = new(ErrorKind.Invalid, "consent_refused", "The other side did not give its consent.");

    public static readonly Error ExchangeFailed = new(ErrorKind.Invalid, "exchange_failed", "The other side gave its consent, but no token for it.");
}
