using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>
/// Finds out how a server lets people in, and makes of it an integration and a credential to which a person then consents like to any other. May be repeated: when more is
/// asked for than was consented to, or when the server has moved to another authorization server. No command: nobody holds a transaction open while strangers answer.
/// </summary>
/// <param name="RedirectUri">Where people come back to with what they consented to.</param>
[Requires("mcp:write")]
public sealed record ConnectMcpServer(string Server, string RedirectUri, McpConnectBody Body) : IRequest<Result<McpConnection>>, IValidate
{
    const int MaxText = 2048;

    public IEnumerable<FieldError> Validate() =>
    [
        .. McpRules.Text("/client_id", Body.ClientId, MaxText),
        .. McpRules.Text("/client_secret", Body.ClientSecret, MaxText),
        .. Body.ClientSecret is not null && Body.ClientId is null ? [new FieldError("/client_id", "required", "A secret belongs to a client.")] : Array.Empty<FieldError>(),
        .. CredentialRules.Scopes(Body.Scopes),
    ];
}

/// <param name="ClientId">A client that was registered by hand; null: this program registers itself, where the other side allows that.</param>
/// <param name="Scopes">What to ask for; null: what the server says that it needs.</param>
public sealed record McpConnectBody(string? ClientId = null, string? ClientSecret = null, string[]? Scopes = null)
{
    public override string ToString() => "…";
}

/// <param name="Credential">Id of the credential that the server is called with once somebody has consented.</param>
/// <param name="AuthorizeUrl">Where to send a person's browser: a path of this server.</param>
/// <param name="Issuer">To whom they will consent.</param>
public sealed record McpConnection(string Integration, Guid Credential, string AuthorizeUrl, string Issuer, IReadOnlyList<string> Scopes);

file sealed class Handler(IMediator mediator, IMcpAuthorization strangers) : IRequestHandler<ConnectMcpServer, Result<McpConnection>>
{
    public async Task<Result<McpConnection>> Handle(ConnectMcpServer request, CancellationToken cancellationToken)
    {
        var found = await mediator.Send(new GetMcpServer(request.Server), cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        if (found.Value.Url is not { } url)
        {
            return McpErrors.NotConnectable;
        }

        var discovered = await strangers.Discover(new Uri(url), cancellationToken);
        if (!discovered.IsOk)
        {
            return discovered.Error;
        }

        var authorization = discovered.Value;
        var client = request.Body.ClientId is { } id
            ? new McpClientAccount(id, request.Body.ClientSecret, request.Body.ClientSecret is null ? "none" : authorization.PreferredAuth)
            : await strangers.Register(authorization, request.RedirectUri, cancellationToken);
        return client.IsOk
            ? await mediator.Send(new KeepMcpConnection(found.Value.Id, authorization, client.Value, request.Body.Scopes ?? authorization.Scopes), cancellationToken)
            : client.Error;
    }
}
