using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>A new person with a new tenant of theirs, signed in at once.</summary>
[AllowAnonymousRequest]
public sealed record SignUp(string Email, string Password, string Name, SignUp.NewTenant Tenant) : ICommand<SignedIn>, IValidate
{
    public sealed record NewTenant(string Name, string Slug);

    // Addresses that would read like the platform's own.
    static readonly HashSet<string> Reserved = ["platform", "admin", "api", "app", "www", "hooks", "health", "support", "static", "assets", "mcp", "v1"];

    public IEnumerable<FieldError> Validate() => new[]
    {
        EmailAddress.Check("/email", Email),
        PersonName.Check("/name", Name),
        PersonName.Check("/tenant/name", Tenant?.Name),
        Slug.Check("/tenant/slug", Tenant?.Slug),
        Tenant is { Slug: { } slug } && Reserved.Contains(slug) ? new FieldError("/tenant/slug", "slug_reserved", "This slug is the platform's own; take another one.") : null,
        PasswordRules.Check("/password", Password, Email, Name, Tenant?.Name, Tenant?.Slug),
    }.OfType<FieldError>();

    public override string ToString() => $"{nameof(SignUp)} {Tenant?.Slug}";
}

file sealed class Handler(IAccounts accounts, IPasswords passwords, SignIn signIn, CallContext call, IAudit audit, TimeProvider time)
    : IRequestHandler<SignUp, Result<SignedIn>>
{
    public async Task<Result<SignedIn>> Handle(SignUp request, CancellationToken cancellationToken)
    {
        // Before the first statement: no connection is held while a core hashes.
        var hash = await passwords.Hash(request.Password, cancellationToken);
        if (!hash.IsOk)
        {
            return hash.Error;
        }

        var (userId, tenantId) = (Guid.CreateVersion7(time.GetUtcNow()), Guid.CreateVersion7(time.GetUtcNow()));
        var email = EmailAddress.Normalize(request.Email);
        using (new CallAs(call, tenantId, userId: userId))
        {
            // That an address has an account is told here, and only here: a person who forgot that they signed up must learn it, and there is no
            // mail yet to tell them by.
            if (await accounts.AddUser(userId, email, request.Name.Trim(), hash.Value, cancellationToken) is not AccountOutcome.Done)
            {
                return TenantErrors.EmailTaken;
            }

            if (await accounts.AddTenant(tenantId, request.Tenant.Slug, request.Tenant.Name.Trim(), userId, email, cancellationToken) is not AccountOutcome.Done)
            {
                return TenantErrors.SlugTaken;
            }
        }

        var signedIn = await signIn.Open(userId, request.Tenant.Slug, cancellationToken);
        if (signedIn.IsOk)
        {
            audit.Record("tenant.created", "tenant", tenantId.ToString(), after: new { request.Tenant.Slug, request.Tenant.Name, OwnerUserId = userId });
        }

        return signedIn;
    }
}
