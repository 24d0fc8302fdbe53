using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;

namespace AgentPlatform.Infrastructure.Tenants;

sealed class Accounts(Db db, CallContext call, LoginLimits limits, TimeProvider time) : IAccounts
{
    public async Task<Result<LoginTry>> BeginLogin(string email, CancellationToken ct)
    {
        const string sql = """
            select retry_after, user_id, password_hash
            from tenants.begin_login(@email, @network, @accountTries, @freeFailures, make_interval(secs => @firstLock), make_interval(secs => @maxLock),
              @networkTries, make_interval(secs => @networkWindow))
            """;
        var row = await db.One<LoginRow>(sql, new
        {
            email,
            network = Network(call.Ip),
            accountTries = limits.AccountTries,
            freeFailures = limits.FreeFailures,
            firstLock = limits.FirstLock.TotalSeconds,
            maxLock = limits.MaxLock.TotalSeconds,
            networkTries = limits.NetworkTries,
            networkWindow = limits.NetworkWindow.TotalSeconds,
        }, ct);
        return row!.RetryAfter is { } wait
            ? new Error(ErrorKind.LimitReached, "too_many_attempts", "Too many tries; wait before the next one.") { RetryAfter = wait }
            : new LoginTry(row.UserId, row.PasswordHash);
    }

    public Task LoginSucceeded(string email, CancellationToken ct) =>
        db.Execute("select tenants.login_succeeded(@email, @network)", new { email, network = Network(call.Ip) }, ct);

    public Task LoginFailed(string email, string action, CancellationToken ct) => db.Execute(
        "select tenants.login_failed(@email, @action, @id, @ip, @userAgent)",
        new { email, action, id = Guid.CreateVersion7(time.GetUtcNow()), ip = LogText.OneLine(call.Ip, 64), userAgent = LogText.OneLine(call.UserAgent, 512) }, ct);

    public async Task<AccountOutcome> AddUser(Guid id, string email, string name, string passwordHash, CancellationToken ct)
    {
        const string sql = "insert into tenants.users (id, email, name, password_hash) values (@id, @email, @name, @passwordHash)";
        try
        {
            await db.Execute(sql, new { id, email, name, passwordHash }, ct);
            return AccountOutcome.Done;
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "users_email_key" })
        {
            return AccountOutcome.EmailTaken;
        }
    }

    public async Task<AccountOutcome> AddTenant(Guid id, string slug, string name, Guid owner, string contactEmail, CancellationToken ct)
    {
        const string sql = """
            insert into tenants.tenants (id, slug, name, owner_user_id, contact_email) values (@id, @slug, @name, @owner, @contactEmail);
            insert into tenants.memberships (tenant_id, user_id, role) values (@id, @owner, 'owner')
            """;
        try
        {
            await db.Execute(sql, new { id, slug, name, owner, contactEmail }, ct);
            return AccountOutcome.Done;
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "tenants_slug_key" })
        {
            return AccountOutcome.SlugTaken;
        }
    }

    public Task SetPassword(string hash, CancellationToken ct) => db.Execute(
        "update tenants.users set password_hash = @hash, updated_at = now() where id = tenants.current_user_id()", new { hash }, ct);

    public Task TouchLogin(CancellationToken ct) => db.Execute("update tenants.users set last_login_at = now() where id = tenants.current_user_id()", ct: ct);

    public Task<string?> OwnEmail(CancellationToken ct) => db.One<string>("select email from tenants.users where id = tenants.current_user_id()", ct: ct);

    public async Task<bool> UpdateUser(string? name, string? username, string? avatarUrl, CancellationToken ct)
    {
        const string sql = """
            update tenants.users
            set name = coalesce(@name, name), username = coalesce(@username, username), avatar_url = coalesce(@avatarUrl, avatar_url), updated_at = now()
            where id = tenants.current_user_id()
            """;
        try
        {
            return await db.Execute(sql, new { name, username, avatarUrl }, ct) == 1;
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "users_username_key" })
        {
            return false;
        }
    }

    public Task<OwnMembership?> FindOwnMembership(string? slug, CancellationToken ct) => db.One<OwnMembership>("""
        select t.id as tenant_id, t.slug, m.role, r.permissions || m.permissions as permissions
        from tenants.memberships m
        join tenants.tenants t on t.id = m.tenant_id and t.status = 'active'
        join tenants.roles r on r.tenant_id = '00000000-0000-0000-0000-000000000000' and r.name = m.role
        where m.user_id = tenants.current_user_id() and m.status = 'active' and (@slug::text is null or t.slug = @slug)
        order by (select max(s.created_at) from tenants.sessions s where s.user_id = m.user_id and s.tenant_id = m.tenant_id) desc nulls last, m.created_at
        limit 1
        """, new { slug }, ct);

    public async Task<DateTimeOffset?> UpdateTenant(UpdateTenant change, DateTimeOffset? seen, CancellationToken ct)
    {
        // Never the same instant twice: it is the entity tag.
        const string sql = """
            update tenants.tenants
            set name = coalesce(@Name, name), description = coalesce(@Description, description),
                contact_email = coalesce(@ContactEmail, contact_email), contact_name = coalesce(@ContactName, contact_name),
                settings = coalesce(@Settings::jsonb, settings), metadata = coalesce(@Metadata::jsonb, metadata),
                updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
            where id = tenants.current_tenant_id() and (@Seen::timestamptz is null or updated_at = @Seen::timestamptz)
            returning updated_at
            """;
        var rows = await db.Query<DateTimeOffset>(sql, new
        {
            Name = change.Name?.Trim(),
            change.Description,
            change.ContactEmail,
            ContactName = change.ContactName?.Trim(),
            Settings = change.Settings?.GetRawText(),
            Metadata = change.Metadata?.GetRawText(),
            Seen = seen,
        }, ct);
        return rows.Count == 1 ? rows[0] : null;
    }

    /// <summary>One key per IPv4 address, one per /64 of IPv6: whoever has one address of it has them all.</summary>
    static byte[]? Network(string? ip)
    {
        if (!IPAddress.TryParse(ip, out var address))
        {
            return null;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = address.GetAddressBytes();
        return SHA256.HashData([.. "network:"u8, .. address.AddressFamily is AddressFamily.InterNetworkV6 ? bytes[..8] : bytes]);
    }

    sealed record LoginRow(TimeSpan? RetryAfter, Guid? UserId, string? PasswordHash);
}
