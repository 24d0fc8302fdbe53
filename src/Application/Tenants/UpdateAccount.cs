using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Changes the person's own name, user name or picture; what is not given stays.</summary>
[SignedIn]
public sealed record UpdateAccount(string? Name = null, string? Username = null, string? AvatarUrl = null) : ICommand<AccountView>, IValidate
{
    public IEnumerable<FieldError> Validate() => new[]
    {
        Name is null ? null : PersonName.Check("/name", Name),
        Username is null ? null : Slug.Check("/username", Username),
        AvatarUrl is null || (AvatarUrl.Length <= 2000 && Uri.TryCreate(AvatarUrl, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps)
            ? null
            : new FieldError("/avatar_url", "invalid_url", "Give an https address of at most 2000 characters."),
    }.OfType<FieldError>();
}

file sealed class Handler(IAccounts accounts, CallContext call, IAudit audit, IMediator mediator) : IRequestHandler<UpdateAccount, Result<AccountView>>
{
    static readonly Error UsernameTaken = Error.Conflict("username_taken", "Somebody else has this user name.");

    public async Task<Result<AccountView>> Handle(UpdateAccount request, CancellationToken cancellationToken)
    {
        if (TenantErrors.RefuseWithoutSession(call) is { } refusal)
        {
            return refusal;
        }

        if (!await accounts.UpdateUser(request.Name?.Trim(), request.Username, request.AvatarUrl, cancellationToken))
        {
            return UsernameTaken;
        }

        audit.Record("user.updated", "user", call.UserId!.Value.ToString(), after: request);
        return await mediator.Send(new GetAccount(), cancellationToken);
    }
}
