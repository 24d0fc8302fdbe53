using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Changes the tenant; what is not given stays. The slug never changes: webhook senders have it in their addresses.</summary>
/// <param name="IfMatch">The entity tag that the caller saw.</param>
[Requires("tenant:write")]
public sealed record UpdateTenant(
    string? Name = null, string? Description = null, string? ContactEmail = null, string? ContactName = null,
    JsonElement? Settings = null, JsonElement? Metadata = null, string? IfMatch = null) : ICommand<TenantView>, IValidate
{
    const int MaxJson = 16_384;

    public IEnumerable<FieldError> Validate() => new[]
    {
        Name is null ? null : PersonName.Check("/name", Name),
        Description is null || Description.Length <= 2000
            ? null
            : new FieldError("/description", "invalid_description", "A description has at most 2000 characters."),
        ContactEmail is null ? null : EmailAddress.Check("/contact_email", ContactEmail),
        ContactName is null ? null : PersonName.Check("/contact_name", ContactName),
        Check("/settings", Settings),
        Check("/metadata", Metadata),
    }.OfType<FieldError>();

    static FieldError? Check(string pointer, JsonElement? json) =>
        json is not { } given || (given.ValueKind is JsonValueKind.Object && given.GetRawText().Length <= MaxJson)
            ? null
            : new FieldError(pointer, "invalid_object", $"Give a JSON object of at most {MaxJson} characters.");
}

file sealed class Handler(IAccounts accounts, CallContext call, IAudit audit, IMediator mediator) : IRequestHandler<UpdateTenant, Result<TenantView>>
{
    public async Task<Result<TenantView>> Handle(UpdateTenant request, CancellationToken cancellationToken)
    {
        var seen = ETags.Parse(request.IfMatch);
        if (!seen.IsOk)
        {
            return seen.Error;
        }

        if (await accounts.UpdateTenant(request, seen.Value, cancellationToken) is null)
        {
            return ETags.Stale;
        }

        audit.Record("tenant.updated", "tenant", call.Tenant.ToString(), after: request with { IfMatch = null });
        return await mediator.Send(new GetTenant(), cancellationToken);
    }
}
