namespace AgentPlatform.Infrastructure.Execution;

/// <summary>What every reader of triggers (<c>t</c>) and their times (<c>w</c>) selects, in the order of the view's constructor.</summary>
static class TriggerSql
{
    public const string Columns = """
        t.id, t.agent_id, t.name, t.kind, t.webhook_path as path, t.signature, t.cron, t.time_zone, t.misfire, w.next_fire_at, w.last_fired_at, w.last_skipped_at, w.skip_reason,
          t.topic, t.input, t.version_id, t.concurrency, t.is_enabled, t.previous_secret_expires_at, t.created_at, t.updated_at, t.max_concurrency, t.concurrency_key,
          t.debounce_ms, t.debounce_max_ms, t.debounce_key, t.rate_limit
        """;

    /// <summary>Each trigger has one row of times, made with it.</summary>
    public const string From = "execution.triggers t join execution.trigger_times w on w.tenant_id = t.tenant_id and w.trigger_id = t.id";
}
