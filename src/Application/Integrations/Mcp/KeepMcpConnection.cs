using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>Stores what was found out about a server: where people consent as an integration, this program's client as a credential, and that the server is called with it.</summary>
[Requires("mcp:write")]
sealed record KeepMcpConnection(Guid Server, McpAuthorization Authorization, McpClientAccount Client, IReadOnlyList<string> Scopes) : ICommand<McpConnection>;

file sealed class Handler(IMcpServers servers, IIntegrations integrations, ICredentialStore credentials, IMediator mediator, IAudit audit) : IRequestHandler<KeepMcpConnection, Result<McpConnection>>
{
    public async Task<Result<McpConnection>> Handle(KeepMcpConnection request, CancellationToken cancellationToken)
    {
        if (await servers.FindForUpdate(new McpName(request.Server, null), cancellationToken) is not { Url: { } url } server)
        {
            return McpErrors.ServerNotFound;
        }

        var integration = await Integration(server, new Uri(url), request, cancellationToken);
        if (!integration.IsOk)
        {
            return integration.Error;
        }

        var credential = await Credential(server, integration.Value, request, cancellationToken);
        if (!credential.IsOk)
        {
            return credential.Error;
        }

        var configured = await mediator.Send(new PatchMcpConfig(server.Id.ToString(), new McpConfigPatch { Credential = credential.Value.Name }), cancellationToken);
        if (!configured.IsOk)
        {
            return configured.Error;
        }

        var slug = integration.Value.Slug;
        audit.Record("mcp_server.connected", "mcp_server", server.Id.ToString(), before: null, new { Integration = slug, Credential = credential.Value.Id, request.Scopes });
        var issuer = request.Authorization.Issuer ?? new Uri(request.Authorization.AuthorizeUrl).GetLeftPart(UriPartial.Authority);
        return new McpConnection(slug, credential.Value.Id, $"/v1/integrations/{slug}/authorize?credential={credential.Value.Id}", issuer, request.Scopes);
    }

    /// <summary>One for each place of consent: another place is another integration, so that no answer is taken for one of the former's.</summary>
    async Task<Result<IntegrationView>> Integration(McpServerView server, Uri url, KeepMcpConnection request, CancellationToken ct)
    {
        var spec = Spec(url, request);
        var slug = $"mcp-{Convert.ToHexStringLower(SHA256.HashData([.. server.Id.ToByteArray(), .. JsonSerializer.SerializeToUtf8Bytes(spec)]).AsSpan(0, 10))}";
        return await integrations.Find(slug, ct) is { } known
            ? known
            : await mediator.Send(new CreateIntegration(slug, server.Name[..Math.Min(server.Name.Length, 250)], "oauth2", JsonSerializer.SerializeToElement(spec)), ct);
    }

    async Task<Result<CredentialView>> Credential(McpServerView server, IntegrationView integration, KeepMcpConnection request, CancellationToken ct)
    {
        var secret = new Dictionary<string, string>(StringComparer.Ordinal) { ["client_id"] = request.Client.Id };
        if (request.Client.Secret is { } own)
        {
            secret["client_secret"] = own;
        }

        var (name, fields) = ($"mcp-{server.Slug}", new SecretFields(secret));
        if (await credentials.FindShared(name, ct) is not { } known)
        {
            return await mediator.Send(new CreateCredential(name, fields, Integration: integration.Slug, Scopes: request.Scopes), ct);
        }

        if (known.AuthType != "oauth2")
        {
            return CredentialErrors.NameTaken;
        }

        try
        {
            // The same credential, so that runs that wait for a consent to it go on with this one.
            await credentials.Move(known, integration.Id, fields, request.Scopes, ct);
        }
        catch (KeysUnavailableException)
        {
            return CredentialErrors.KeysUnavailable;
        }

        var moved = (await credentials.Find(known.Id, ct))!;
        audit.Record("credential.moved", "credential", known.Id.ToString(), CredentialSummary.Of(known), CredentialSummary.Of(moved));
        return moved;
    }

    static JsonObject Spec(Uri url, KeepMcpConnection request)
    {
        var (authorization, oauth) = (request.Authorization, new JsonObject());
        oauth["authorize_url"] = authorization.AuthorizeUrl;
        oauth["token_url"] = authorization.TokenUrl;
        oauth["client_auth"] = request.Client.Auth == "client_secret_basic" ? "basic" : "form";
        oauth["tells_issuer"] = authorization.TellsIssuer;
        if (authorization.Issuer is { } issuer)
        {
            oauth["issuer"] = issuer;
        }

        if (authorization.Resource is { } resource)
        {
            oauth["resource"] = resource;
        }

        return new JsonObject { ["hosts"] = new JsonArray(url.Authority), ["oauth"] = oauth };
    }
}
