namespace AgentPlatform.Infrastructure.Execution;

/// <summary>What every reader of triggers selects, in the order of the view's constructor.</summary>
static class TriggerSql
{
    public const string Columns = """
        id, agent_id, name, kind, webhook_path as path, signature, cron, time_zone, misfire, next_fire_at, last_fired_at, last_skipped_at, skip_reason, topic, input, version_id,
          concurrency, is_enabled, previous_secret_expires_at, created_at, updated_at, max_concurrency, concurrency_key, debounce_ms, debounce_max_ms, debounce_key, rate_limit
        """;
}
