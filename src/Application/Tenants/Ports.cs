using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;

namespace AgentPlatform.Application.Tenants;

/// <summary>Hashing is slow on purpose and takes a core; only as many run at once as there are cores.</summary>
interface IPasswords
{
    /// <returns>The hash with its parameters; or <c>busy</c> (503) when too many wait already.</returns>
    Task<Result<string>> Hash(string password, CancellationToken ct);

    /// <param name="stored">Null for an unknown account: costs the same and never matches.</param>
    Task<Result<PasswordCheck>> Check(string? stored, string password, CancellationToken ct);
}

/// <param name="IsOutdated">Right, but hashed with weaker parameters than today's: to be stored anew.</param>
sealed record PasswordCheck(bool IsRight, bool IsOutdated);

/// <summary>People and their tenants, as far as the signed-in person may see them.</summary>
interface IAccounts
{
    /// <summary>Counts the check and commits that at once, so that a parallel flood cannot make more checks than one caller after the other.</summary>
    /// <returns>What to check against; or <c>too_many_attempts</c> (429), alike for known and unknown addresses.</returns>
    Task<Result<LoginTry>> BeginLogin(string email, CancellationToken ct);

    Task LoginSucceeded(string email, CancellationToken ct);

    /// <summary>Writes the failed check into the audit log of the person's tenant, if there is such a person; takes as long if there is none.</summary>
    Task LoginFailed(string email, string action, CancellationToken ct);

    /// <summary>Writes the caller's own row; the call acts as the new person already.</summary>
    Task<AccountOutcome> AddUser(Guid id, string email, string name, string passwordHash, CancellationToken ct);

    /// <summary>Writes the tenant and its owner's membership; the call acts in the new tenant already.</summary>
    Task<AccountOutcome> AddTenant(Guid id, string slug, string name, Guid owner, string contactEmail, CancellationToken ct);

    Task SetPassword(string hash, CancellationToken ct);

    Task TouchLogin(CancellationToken ct);

    Task<string?> OwnEmail(CancellationToken ct);

    /// <returns>Null when the user name is taken.</returns>
    Task<bool> UpdateUser(string? name, string? username, string? avatarUrl, CancellationToken ct);

    /// <param name="slug">Null: where the person worked last.</param>
    Task<OwnMembership?> FindOwnMembership(string? slug, CancellationToken ct);

    /// <returns>When it was changed; null when it was changed since <paramref name="seen"/>.</returns>
    Task<DateTimeOffset?> UpdateTenant(UpdateTenant change, DateTimeOffset? seen, CancellationToken ct);
}

enum AccountOutcome
{
    Done,
    EmailTaken,
    SlugTaken,
}

sealed record LoginTry(Guid? UserId, string? PasswordHash);

sealed record OwnMembership(Guid TenantId, string Slug, string Role, string[] Permissions);

/// <summary>The signed-in person's own sessions.</summary>
interface ISessions
{
    Task Open(Guid id, Guid? tenantId, byte[] tokenHash, CancellationToken ct);

    /// <returns>Whether it was one of the caller's own that still held.</returns>
    Task<bool> Revoke(Guid id, CancellationToken ct);

    Task RevokeOthers(Guid? except, CancellationToken ct);
}

interface IMembers
{
    /// <summary>One change of members at a time in a tenant, until the commit: otherwise two owners could demote each other.</summary>
    Task Lock(CancellationToken ct);

    Task<Membership?> Find(Guid userId, CancellationToken ct);

    Task<int> CountOtherOwners(Guid userId, CancellationToken ct);

    /// <returns>False when the person is a member already.</returns>
    Task<bool> Add(Guid userId, string role, CancellationToken ct);

    Task<bool> HasEmail(string email, CancellationToken ct);

    Task Update(Membership membership, CancellationToken ct);

    /// <summary>Removes the person and revokes their API keys of this tenant.</summary>
    Task Remove(Guid userId, CancellationToken ct);
}

interface IInvitations
{
    /// <summary>Replaces an open invitation of the same address, whose token is void from then on.</summary>
    Task<InvitationView> Put(Guid id, string email, string role, byte[] tokenHash, CancellationToken ct);

    Task<InvitationView?> Delete(Guid id, CancellationToken ct);

    /// <returns>The open invitation of the call's tenant with this token.</returns>
    Task<OpenInvitation?> Find(byte[] tokenHash, CancellationToken ct);

    /// <returns>False when somebody else was faster, or it has expired.</returns>
    Task<bool> TryAccept(Guid id, CancellationToken ct);
}

sealed record OpenInvitation(Guid Id, string Email, string Role, string TenantSlug);

interface ITeams
{
    Task<TeamView?> Find(Guid id, CancellationToken ct);

    /// <returns>False when the slug is taken.</returns>
    Task<bool> Add(Guid id, string slug, string name, string? description, CancellationToken ct);

    Task<TeamOutcome> Update(UpdateTeam change, CancellationToken ct);

    Task<bool> Delete(Guid id, CancellationToken ct);

    Task<TeamMemberView> PutMember(Guid teamId, Guid userId, string role, CancellationToken ct);

    /// <returns>False when the person was not in the team.</returns>
    Task<bool> RemoveMember(Guid teamId, Guid userId, CancellationToken ct);
}

enum TeamOutcome
{
    Done,
    /// <summary>Changed or deleted since it was read.</summary>
    Stale,
    SlugTaken,
}

interface IApiKeys
{
    Task<ApiKeyView> Add(Guid id, string name, string prefix, byte[] hash, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, CancellationToken ct);

    Task<ApiKeyView?> Find(Guid id, CancellationToken ct);

    /// <returns>False when it was revoked before.</returns>
    Task<bool> Revoke(Guid id, CancellationToken ct);
}
