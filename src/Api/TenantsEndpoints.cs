using AgentPlatform.Api.Http;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

/// <summary>The tenant, its people, their keys, and who did what.</summary>
static class TenantsEndpoints
{
    public static void MapTenants(this IEndpointRouteBuilder app)
    {
        app.MapAccounts();
        var tenants = app.MapGroup("/v1").ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        MapTenant(tenants);
        MapMembers(tenants);
        MapInvitations(tenants);
        MapApiKeys(tenants);
        MapAudit(tenants);
    }

    static void MapTenant(RouteGroupBuilder group)
    {
        group.MapGet("/tenant", async (HttpContext http, IMediator mediator) =>
                (await mediator.Send(new GetTenant(), http.RequestAborted)).ToOk(http, tenant => tenant.UpdatedAt))
            .WithTags("Tenant").WithName("GetTenant").WithSummary("The tenant I work in").Produces<TenantView>();

        group.MapPatch("/tenant", async (Body<TenantChange> body, [FromHeader(Name = "If-Match")] string? ifMatch, HttpContext http, IMediator mediator) =>
                (await mediator.Send(body.Value.ToCommand(ifMatch), http.RequestAborted)).ToOk(http, tenant => tenant.UpdatedAt))
            .WithTags("Tenant").WithName("UpdateTenant").WithSummary("Changes name, description, contact, settings or metadata")
            .Produces<TenantView>().ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    static void MapMembers(RouteGroupBuilder group)
    {
        group.MapGet("/members", async (int? limit, string? cursor, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListMembers(new PageRequest(limit, cursor)), http.RequestAborted)).ToOk())
            .WithTags("Members").WithName("ListMembers").WithSummary("Who belongs to the tenant").Produces<Page<MemberView>>();

        group.MapPatch("/members/{user_id:guid}", async ([FromRoute(Name = "user_id")] Guid userId, Body<MemberChange> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new UpdateMember(userId, body.Value.Role, body.Value.Permissions, body.Value.Status), http.RequestAborted)).ToOk())
            .WithTags("Members").WithName("UpdateMember").WithSummary("Changes a member's role, further permissions or status")
            .Produces<MemberView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        group.MapDelete("/members/{user_id:guid}", async ([FromRoute(Name = "user_id")] Guid userId, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new RemoveMember(userId), http.RequestAborted)).ToNoContent())
            .WithTags("Members").WithName("RemoveMember").WithSummary("Removes a member and revokes their API keys of this tenant")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        group.MapGet("/roles", async (HttpContext http, IMediator mediator) => (await mediator.Send(new ListRoles(), http.RequestAborted)).ToOk())
            .WithTags("Members").WithName("ListRoles").WithSummary("The roles and every permission that exists").Produces<RoleList>();
    }

    static void MapInvitations(RouteGroupBuilder group)
    {
        group.MapPost("/invitations", async (Body<CreateInvitation> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(body.Value, http.RequestAborted)).ToCreated(invitation => $"/v1/invitations/{invitation.Id}"))
            .WithTags("Members").WithName("CreateInvitation").WithSummary("Invites somebody; the answer's token is shown this once")
            .Produces<CreatedInvitation>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);

        group.MapGet("/invitations", async (int? limit, string? cursor, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListInvitations(new PageRequest(limit, cursor)), http.RequestAborted)).ToOk())
            .WithTags("Members").WithName("ListInvitations").WithSummary("The invitations that nobody has accepted yet").Produces<Page<InvitationView>>();

        group.MapDelete("/invitations/{id:guid}", async (Guid id, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new DeleteInvitation(id), http.RequestAborted)).ToNoContent())
            .WithTags("Members").WithName("DeleteInvitation").WithSummary("Takes an invitation back")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    static void MapApiKeys(RouteGroupBuilder group)
    {
        group.MapPost("/api-keys", async (Body<CreateApiKey> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(body.Value, http.RequestAborted)).ToCreated(key => $"/v1/api-keys/{key.Id}"))
            .WithTags("API keys").WithName("CreateApiKey").WithSummary("Makes an API key; the key itself is shown this once")
            .Produces<CreatedApiKey>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapGet("/api-keys", async (int? limit, string? cursor, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListApiKeys(new PageRequest(limit, cursor)), http.RequestAborted)).ToOk())
            .WithTags("API keys").WithName("ListApiKeys").WithSummary("The tenant's API keys, without their secrets").Produces<Page<ApiKeyView>>();

        group.MapDelete("/api-keys/{id:guid}", async (Guid id, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new RevokeApiKey(id), http.RequestAborted)).ToNoContent())
            .WithTags("API keys").WithName("RevokeApiKey").WithSummary("Revokes an API key, within a second")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    static void MapAudit(RouteGroupBuilder group)
    {
        group.MapGet("/audit-logs", async ([AsParameters] AuditFilter filter, HttpContext http, IMediator mediator) =>
                (await mediator.Send(filter.ToQuery(), http.RequestAborted)).ToOk())
            .WithTags("Audit").WithName("ListAuditLogs").WithSummary("Who did what, the newest first").Produces<Page<AuditEntryView>>();

        group.MapGet("/audit-logs/verify",
                async ([FromQuery(Name = "anchor_seq")] long? anchorSeq, [FromQuery(Name = "anchor_hash")] string? anchorHash, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new VerifyAuditLog(anchorSeq, anchorHash), http.RequestAborted)).ToOk())
            .WithTags("Audit").WithName("VerifyAuditLog").WithSummary("Checks the whole chain, and names the first entry at fault").Produces<AuditVerdict>();
    }
}

/// <summary>What is not given, or null, stays as it is.</summary>
sealed record TenantChange(
    string? Name = null, string? Description = null, string? ContactEmail = null, string? ContactName = null,
    System.Text.Json.JsonElement? Settings = null, System.Text.Json.JsonElement? Metadata = null)
{
    public UpdateTenant ToCommand(string? ifMatch) => new(Name, Description, ContactEmail, ContactName, Settings, Metadata, ifMatch);
}

/// <summary>What is not given, or null, stays as it is.</summary>
/// <param name="Permissions">Grants beyond the role; replaces the earlier ones.</param>
/// <param name="Status">active or suspended.</param>
sealed record MemberChange(string? Role = null, IReadOnlyList<string>? Permissions = null, string? Status = null);

sealed record AuditFilter(
    int? Limit, string? Cursor, string? Action, [FromQuery(Name = "resource_type")] string? ResourceType, Guid? Actor, DateTimeOffset? Since, DateTimeOffset? Until)
{
    public ListAuditLogs ToQuery() => new(new PageRequest(Limit, Cursor), Action, ResourceType, Actor, Since, Until);
}
