using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations;

/// <summary>Adds an integration of the tenant's own: where its credentials may be sent, how they are carried, where people consent.</summary>
[Requires("credentials:write")]
public sealed record CreateIntegration(string Slug, string Name, string AuthType, JsonElement Spec, string? Description = null) : ICommand<IntegrationView>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
    [
        .. Domain.Shared.Slug.Check("/slug", Slug) is { } fault ? new[] { fault } : [],
        .. Name is { Length: >= 1 and <= 255 } ? [] : new[] { new FieldError("/name", "length", "A name has 1 to 255 characters.") },
        .. Description is null or { Length: >= 1 and <= 4000 } ? [] : new[] { new FieldError("/description", "length", "A description has 1 to 4 000 characters.") },
        .. IntegrationRules.AuthTypes.Contains(AuthType) ? IntegrationRules.Check(AuthType, Spec) : [new FieldError("/auth_type", "not_allowed", $"This is one of: {string.Join(", ", IntegrationRules.AuthTypes)}.")],
    ];
}

file sealed class Handler(IIntegrations integrations, IAudit audit, TimeProvider time) : IRequestHandler<CreateIntegration, Result<IntegrationView>>
{
    public async Task<Result<IntegrationView>> Handle(CreateIntegration request, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (!await integrations.Add(id, request, cancellationToken))
        {
            return IntegrationErrors.SlugTaken;
        }

        audit.Record("integration.created", "integration", id.ToString(), before: null, new { request.Slug, request.Name, request.AuthType, request.Spec });
        return (await integrations.Find(request.Slug, cancellationToken))!;
    }
}
