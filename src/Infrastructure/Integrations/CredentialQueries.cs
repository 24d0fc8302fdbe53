using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Integrations;

file sealed class GetHandler(ICredentialStore credentials) : IRequestHandler<GetCredential, Result<CredentialView>>
{
    public async Task<Result<CredentialView>> Handle(GetCredential request, CancellationToken cancellationToken) =>
        await credentials.Find(request.Id, cancellationToken) is { } found ? found : CredentialErrors.NotFound;
}

file sealed class ListHandler(Db db, CallContext call) : IRequestHandler<ListCredentials, Result<Page<CredentialView>>>
{
    const string ListName = "credentials";

    const string Sql = $"select {CredentialSql.Columns} {CredentialSql.FromVisible} and (@after::uuid is null or c.id < @after) order by c.id desc limit @take";

    public async Task<Result<Page<CredentialView>>> Handle(ListCredentials request, CancellationToken cancellationToken)
    {
        var cursor = IdCursor.Decode(call.Tenant, ListName, request.Page.Cursor);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        var rows = await db.Query<CredentialView>(Sql, new { tenant = call.Tenant, caller = call.UserId, after = cursor.Value, take = request.Page.Size + 1 }, cancellationToken);
        return Page<CredentialView>.Of(rows, request.Page.Size, last => IdCursor.Encode(call.Tenant, ListName, last.Id));
    }
}

file sealed class UsesHandler(ICredentialStore credentials, IMediator mediator) : IRequestHandler<GetCredentialUses, Result<CredentialUses>>
{
    public async Task<Result<CredentialUses>> Handle(GetCredentialUses request, CancellationToken cancellationToken)
    {
        if (await credentials.Find(request.Id, cancellationToken) is not { } credential)
        {
            return CredentialErrors.NotFound;
        }

        var found = await mediator.Send(new FindCredentialUses(credential.Name), cancellationToken);
        return found.Map(users => new CredentialUses([.. users
            .Where(user => credential.AgentId is null || credential.AgentId == user.AgentId)
            .Select(user => new CredentialUse(user.AgentId, user.Slug, user.Name, user.Version, user.Nodes, user.Tools))]));
    }
}
