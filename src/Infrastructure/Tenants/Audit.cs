using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Tenants;

/// <summary>Appends to the tenant's audit chain. The database numbers, dates and hashes the entries; this only hands them over.</summary>
sealed class Audit(Db db, CallContext call, TimeProvider time) : IAudit, IFailureLog
{
    const int MaxJson = 32_768;

    const string Append = """
        select tenants.append_audit(@Id, @ActorKind, @ActorId, @CredentialId, @Action, @ResourceType, @ResourceId, @Old::jsonb, @New::jsonb,
          @Ip, @UserAgent, @Status, @Error, null)
        """;

    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    readonly List<Entry> recorded = [];

    public void Record(string action, string resourceType, string resourceId, object? before = null, object? after = null) =>
        recorded.Add(new Entry(action, resourceType, resourceId, Serialize(before), Serialize(after), "success", null));

    public async Task Flush(CancellationToken ct)
    {
        // Somebody who belongs to no tenant (they were removed from their last one, and sign in or out) has no log to be written to.
        if (call.TenantId is not null)
        {
            foreach (var entry in recorded)
            {
                await Write(entry, ct);
            }
        }

        recorded.Clear();
    }

    public void Discard() => recorded.Clear();

    Task IFailureLog.Write(string action, string resourceType, string resourceId, string error, CancellationToken ct) =>
        db.IsActive
            ? throw new InvalidOperationException("A refusal rolls the open transaction back, and its audit entry with it.")
            : Write(new Entry(action, resourceType, resourceId, null, null, "failure", error), ct);

    async Task Write(Entry entry, CancellationToken ct) => await db.Execute(Append, new
    {
        Id = Guid.CreateVersion7(time.GetUtcNow()),
        ActorKind = JsonNamingPolicy.SnakeCaseLower.ConvertName(call.Actor.ToString()),
        ActorId = call.UserId,
        CredentialId = call.CredentialId,
        Action = LogText.OneLine(entry.Action, 100),
        ResourceType = LogText.OneLine(entry.ResourceType, 100),
        ResourceId = LogText.OneLine(entry.ResourceId, 300),
        entry.Old,
        entry.New,
        Ip = LogText.OneLine(call.Ip, 64),
        UserAgent = LogText.OneLine(call.UserAgent, 512),
        entry.Status,
        Error = LogText.OneLine(entry.Error, 1000),
    }, ct);

    static string? Serialize(object? values)
    {
        if (values is null)
        {
            return null;
        }

        // jsonb cannot hold U+0000.
        var json = JsonSerializer.Serialize(values, Json).Replace("\\u0000", "\\ufffd", StringComparison.Ordinal);
        return json.Length <= MaxJson ? json : JsonSerializer.Serialize(new { Truncated = true, json.Length }, Json);
    }

    sealed record Entry(string Action, string ResourceType, string ResourceId, string? Old, string? New, string Status, string? Error);
}
