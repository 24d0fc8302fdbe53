using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Changes a member's role, further permissions or status; what is not given stays. Holds from the member's next request on.</summary>
[Requires("members:write")]
public sealed record UpdateMember(Guid UserId, string? Role = null, IReadOnlyList<string>? Permissions = null, string? Status = null)
    : ICommand<MemberView>, IValidate
{
    public IEnumerable<FieldError> Validate() => new[]
    {
        Status is null or Membership.Active or Membership.Suspended ? null : new FieldError("/status", "invalid_status", "A status is active or suspended."),
        Permissions is not { Count: > 100 } ? null : new FieldError("/permissions", "too_many", "At most 100 further permissions."),
    }.OfType<FieldError>();
}

file sealed class Handler(IMembers members, RoleCatalog catalog, CallContext call, IAudit audit, IMediator mediator) : IRequestHandler<UpdateMember, Result<MemberView>>
{
    public async Task<Result<MemberView>> Handle(UpdateMember request, CancellationToken cancellationToken)
    {
        if (KnownNames.Check(catalog, "/role", request.Role, "/permissions", request.Permissions) is { Count: > 0 } faults)
        {
            return Error.Invalid(faults);
        }

        await members.Lock(cancellationToken);
        if (await members.Find(request.UserId, cancellationToken) is not { } before)
        {
            return Error.NotFound("member");
        }

        var after = before.Change(request.Role, request.Permissions?.Distinct().ToList(), request.Status, catalog, call.Permissions,
            await members.CountOtherOwners(request.UserId, cancellationToken));
        if (!after.IsOk)
        {
            return after.Error;
        }

        await members.Update(after.Value, cancellationToken);
        audit.Record("member.updated", "member", request.UserId.ToString(), before, after.Value);
        return await mediator.Send(new GetMember(request.UserId), cancellationToken);
    }
}

static class KnownNames
{
    public static IReadOnlyList<FieldError> Check(
        RoleCatalog catalog, string rolePointer, string? role, string permissionsPointer, IReadOnlyList<string>? permissions)
    {
        var faults = new List<FieldError>();
        if (role is not null && catalog.Find(role) is null)
        {
            faults.Add(new FieldError(rolePointer, "unknown_role", $"Roles are {string.Join(", ", catalog.Roles.Select(known => known.Name))}."));
        }

        for (var i = 0; i < permissions?.Count; i++)
        {
            if (!catalog.Knows(permissions[i]))
            {
                faults.Add(new FieldError($"{permissionsPointer}/{i}", "unknown_permission", "There is no such permission; GET /v1/roles lists them."));
            }
        }

        return faults;
    }
}
