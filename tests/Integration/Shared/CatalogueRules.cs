namespace AgentPlatform.Integration.Shared;

/// <summary>The rules that hold for every table, as questions to PostgreSQL's catalogue: each answers the names that break it.</summary>
/// <param name="Signed">What may break the rule, and why.</param>
public sealed record CatalogueRule(string Name, string Sql, IReadOnlyDictionary<string, string> Signed)
{
    public override string ToString() => Name;
}

static class CatalogueRules
{
    /// <summary>The modules' tables. <c>parent</c> leaves out partitions, which follow their parent.</summary>
    const string Tables = """
        with tables as (
          select c.oid, n.nspname || '.' || c.relname as name, c.relrowsecurity, c.relforcerowsecurity, c.relkind, c.relispartition, c.relacl, c.relowner
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname in ('platform', 'tenants', 'agents', 'execution', 'billing', 'integrations', 'knowledge') and c.relkind in ('r', 'p')),
        parent as (select * from tables where not relispartition),
        attributes as (select p.name as table_name, p.oid, a.* from parent p join pg_attribute a on a.attrelid = p.oid and a.attnum > 0 and not a.attisdropped),
        tenant_column as (select oid, attnum from attributes where attname = 'tenant_id')

        """;

    const string Functions = """
        with functions as (
          select p.*, n.nspname || '.' || p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where n.nspname in ('platform', 'tenants', 'agents', 'execution', 'billing', 'integrations', 'knowledge'))

        """;

    const string OwnTenant = "(tenant_id = ( SELECT tenants.current_tenant_id() AS current_tenant_id))";
    const string PlatformRows = "(tenant_id = ''00000000-0000-0000-0000-000000000000''::uuid)";

    static readonly Dictionary<string, string> Global = new()
    {
        ["platform.migrations"] = "what was applied to this database; the requests' role cannot read it",
        ["tenants.tenants"] = "the tenants themselves: their id is the tenant",
        ["tenants.users"] = "a person may belong to several tenants",
        ["tenants.login_throttles"] = "counted before anybody knows a tenant; only two functions touch it",
        ["agents.features"] = "a fixed catalogue, the same for everybody, written by migrations alone",
        ["integrations.vendors"] = "the same for everybody, written by migrations and operators alone",
        ["integrations.vendor_services"] = "the same for everybody, written by migrations and operators alone",
        ["integrations.vendor_prices"] = "the same for everybody, written by migrations and operators alone",
        ["platform.archives"] = "which months are in which files; the requests' role cannot read it",
        ["execution.interaction_types"] = "a fixed catalogue, the same for everybody, written by migrations alone",
        ["execution.retention"] = "what each plan keeps for how long; the requests' role cannot read it",
        ["execution.nodes"] = "one row a worker process; no tenant's data, and the requests' role cannot read it",
        ["execution.trials"] = "what a worker process is about to try, of many tenants at once; ids alone, and the requests' role cannot read it",
    };

    static readonly Dictionary<string, string> Nothing = [];

    public static readonly CatalogueRule[] All =
    [
        new("has tenant_id", $"""
            {Tables} select name from parent p where not exists (
              select from attributes a where a.oid = p.oid and a.attname = 'tenant_id' and a.atttypid = 'uuid'::regtype and a.attnotnull)
            """, new Dictionary<string, string>(Global) { ["tenants.sessions"] = "a person's session; the tenant is where they work now, null when they belong to none" }),
        new("row security is enabled and forced", $"{Tables} select name from tables where not (relrowsecurity and relforcerowsecurity)",
            Only("platform.migrations", "platform.archives", "agents.features", "integrations.vendors", "integrations.vendor_services", "integrations.vendor_prices", "execution.nodes", "execution.trials", "execution.retention", "execution.interaction_types")),
        new("has a policy for requests", $"""
            {Tables} select name from parent p where relrowsecurity and not exists (
              select from pg_policy y where y.polrelid = p.oid and y.polpermissive and y.polcmd = '*' and y.polqual is not null and y.polwithcheck is not null
                and (0 = any(y.polroles) or 'agentplatform_app'::regrole = any(y.polroles)))
            """, Nothing),
        new("a policy for requests keeps to the tenant", $"""
            {Tables} select p.name || '.' || y.polname from parent p join pg_policy y on y.polrelid = p.oid
            where y.polpermissive and (0 = any(y.polroles) or 'agentplatform_app'::regrole = any(y.polroles)) and not (
              (pg_get_expr(y.polqual, y.polrelid) = '{OwnTenant}' and y.polcmd = '*' and pg_get_expr(y.polwithcheck, y.polrelid) = '{OwnTenant}')
              or (pg_get_expr(y.polqual, y.polrelid) = '{PlatformRows}' and y.polcmd = 'r'))
            """, new Dictionary<string, string>
        {
            ["tenants.tenants.tenant_isolation"] = "the same, by id",
            ["tenants.tenants.members_read"] = "a person sees the tenants that they can switch to",
            ["tenants.users.own_row"] = "oneself",
            ["tenants.users.colleagues_read"] = "people of the current tenant",
            ["tenants.memberships.own_memberships_read"] = "a person sees the tenants that they can switch to",
            ["tenants.sessions.own_sessions"] = "a person's own sessions, in whichever tenant",
            ["tenants.login_throttles.nobody"] = "false: functions only",
        }),
        new("only the engine and the operator cross tenants", $"""
            {Tables} select p.name || '.' || y.polname from parent p join pg_policy y on y.polrelid = p.oid
            where (pg_get_expr(y.polqual, y.polrelid) = 'true' or pg_get_expr(y.polwithcheck, y.polrelid) = 'true') and not (
              y.polroles = array['agentplatform_engine'::regrole::oid] or (y.polroles = array['agentplatform_operator'::regrole::oid] and y.polcmd = 'r'))
            """, Nothing),
        new("the engine crosses tenants only where it works", $"""
            {Tables} select p.name from parent p join pg_policy y on y.polrelid = p.oid where 'agentplatform_engine'::regrole = any(y.polroles)
            """, new Dictionary<string, string>
        {
            ["platform.outbox"] = "delivers every tenant's events",
            ["platform.outbox_deliveries"] = "delivers every tenant's events",
            ["tenants.tenants"] = "plan and status of a run's tenant; four columns, read only",
            ["execution.triggers"] = "fires every tenant's schedules; read only",
            ["execution.trigger_times"] = "fires every tenant's schedules",
            ["execution.runs"] = "runs every tenant's agents",
            ["execution.run_queue"] = "runs every tenant's agents",
            ["execution.run_steps"] = "runs every tenant's agents",
            ["execution.tool_executions"] = "notes what every tenant's models call; removes old notes",
            ["execution.run_signals"] = "hands a run what was sent to it",
            ["execution.approvals"] = "asks people on behalf of a run",
            ["execution.run_changes"] = "notes what every tenant's runs do; removes old notes",
            ["execution.run_reused_steps"] = "reads what a fork takes over",
            ["execution.paused_agents"] = "parks the runs of paused agents",
            ["execution.bulk_operations"] = "finds what is to be worked off",
            ["execution.conversations"] = "finds whose turn it is; the end of a run is that of its reply",
            ["execution.messages"] = "the end of a run is that of its reply",
            ["execution.interactions"] = "the end of a run is noted at its conversation",
            ["execution.idempotency_keys"] = "claims a delivery's key with its run; removes expired ones",
            ["execution.flow_tenants"] = "shares every tenant's claims by weight",
            ["execution.flow_limits"] = "holds every tenant's runs to their limits",
            ["execution.flow_places"] = "holds every tenant's runs to their limits",
            ["execution.flow_debounces"] = "debounces every tenant's deliveries",
            ["execution.flow_rates"] = "holds every tenant's runs to their rates",
            ["billing.usage_ledger"] = "sums every tenant's days; read only",
            ["billing.usage_fresh"] = "sums every tenant's days",
            ["billing.usage_daily"] = "sums every tenant's days",
            ["billing.budgets"] = "holds every tenant's calls to their budgets",
            ["billing.budget_notices"] = "tells each notice once",
            ["billing.reservations"] = "sets money aside for every tenant's calls",
        }),
        new("keys and unique indexes start with tenant_id", $"""
            {Tables} select p.name || ' ' || i.indexrelid::regclass::text from parent p join pg_index i on i.indrelid = p.oid
            where i.indisunique and i.indkey[0] is distinct from (select attnum from tenant_column c where c.oid = p.oid)
            """, new Dictionary<string, string>
        {
            ["platform.migrations platform.migrations_pkey"] = "global table",
            ["tenants.users tenants.users_pkey"] = "global table",
            ["tenants.users tenants.users_email_key"] = "one account a person",
            ["tenants.users tenants.users_username_key"] = "one account a person",
            ["tenants.tenants tenants.tenants_pkey"] = "the tenants themselves",
            ["tenants.tenants tenants.tenants_slug_key"] = "the slug is the tenant's address",
            ["tenants.sessions tenants.sessions_pkey"] = "a person's, not a tenant's",
            ["tenants.sessions tenants.sessions_token_hash_key"] = "looked up before the tenant is known; 256 random bits, so a collision tells nothing",
            ["tenants.login_throttles tenants.login_throttles_pkey"] = "global table",
            ["agents.features agents.features_pkey"] = "global table",
            ["integrations.vendors integrations.vendors_pkey"] = "global table",
            ["integrations.vendor_services integrations.vendor_services_pkey"] = "global table",
            ["integrations.vendor_prices integrations.vendor_prices_pkey"] = "global table",
            ["execution.nodes execution.nodes_pkey"] = "global table",
            ["execution.trials execution.trials_pkey"] = "global table",
            ["execution.retention execution.retention_pkey"] = "global table",
            ["execution.interaction_types execution.interaction_types_pkey"] = "global table",
            ["platform.archives platform.archives_pkey"] = "global table",
        }),
        new("foreign keys start with tenant_id", $"""
            {Tables} select p.name || ' ' || k.conname from parent p join pg_constraint k on k.conrelid = p.oid and k.contype = 'f' and k.conparentid = 0
            where k.conkey[1] is distinct from (select attnum from tenant_column c where c.oid = p.oid)
              or not (k.confrelid = 'tenants.tenants'::regclass or k.confkey[1] = (select attnum from tenant_column c where c.oid = k.confrelid))
            """, new Dictionary<string, string>
        {
            ["tenants.tenants tenants_owner_user_id_fkey"] = "people are global",
            ["tenants.memberships memberships_user_id_fkey"] = "people are global",
            ["tenants.invitations invitations_invited_by_fkey"] = "people are global",
            ["tenants.sessions sessions_user_id_fkey"] = "people are global",
            ["tenants.api_keys api_keys_user_id_fkey"] = "people are global",
            ["execution.trials trials_node_id_fkey"] = "nodes are global",
            ["agents.agent_features agent_features_feature_id_fkey"] = "the catalogue of features is global",
            ["execution.interactions interactions_type_id_fkey"] = "the catalogue of types is global",
            ["integrations.vendor_services vendor_services_vendor_id_fkey"] = "the registry of vendors is global",
            ["integrations.vendor_prices vendor_prices_service_id_fkey"] = "the registry of vendors is global",
        }),
        new("foreign keys are served by an index", $"""
            {Tables} select p.name || ' ' || k.conname from parent p join pg_constraint k on k.conrelid = p.oid and k.contype = 'f' and k.conparentid = 0
            where not exists (
              select from pg_index i where i.indrelid = p.oid and i.indpred is null and i.indisvalid
                and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey and k.conkey @> (i.indkey::int2[])[0:cardinality(k.conkey) - 1])
            """, Nothing),
        new("text is bounded", $"""
            {Tables} select a.table_name || '.' || a.attname from attributes a
            where a.atttypid in ('text'::regtype, 'text[]'::regtype, 'bytea'::regtype) and not exists (
              select from pg_constraint k where k.conrelid = a.oid and a.attnum = any(k.conkey)
                and (k.contype = 'f' or pg_get_constraintdef(k.oid) ~ format('(length|cardinality)\(%1$s\)|\(%1$s ~ |%1$s = ANY|%1$s = ''', a.attname)))
            """, new Dictionary<string, string>
        {
            ["platform.migrations.module"] = "written by the migrator alone",
            ["platform.migrations.name"] = "written by the migrator alone",
            ["platform.migrations.checksum"] = "written by the migrator alone",
            ["execution.idempotency_keys.response"] = "an answer of ours, sealed; no caller's text",
        }),
        new("types are those of the data model", $"""
            {Tables} select a.table_name || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) from attributes a
            where a.atttypid in ('timestamp'::regtype, 'time'::regtype, 'timetz'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'money'::regtype, 'json'::regtype)
            """, new Dictionary<string, string>
        {
            ["agents.agent_versions.graph json"] = "comes out as it went in, with its members in their order",
            ["agents.agent_versions.default_params json"] = "comes out as it went in, with its members in their order",
            ["agents.agent_versions.model json"] = "comes out as it went in, with its members in their order",
            ["agents.agent_versions.input_schema json"] = "comes out as it went in, with its members in their order",
            ["agents.agent_versions.output_schema json"] = "comes out as it went in, with its members in their order",
            ["execution.runs.input json"] = "kept byte for byte, never searched",
            ["execution.runs.output json"] = "kept byte for byte, never searched",
            ["execution.run_steps.input json"] = "kept byte for byte, never searched",
            ["execution.run_steps.output json"] = "kept byte for byte, never searched",
            ["execution.tool_executions.input json"] = "kept byte for byte, never searched",
            ["execution.tool_executions.output json"] = "kept byte for byte, never searched",
            ["agents.agent_configs.value json"] = "comes out as it went in",
            ["agents.agent_drafts.content json"] = "comes out as it went in, with its members in their order",
            ["agents.agent_drafts.pinned json"] = "comes out as it went in",
            ["execution.runs.config json"] = "read back as it was when the run was accepted",
            ["execution.run_signals.payload json"] = "kept byte for byte, never searched",
            ["execution.approvals.payload json"] = "kept byte for byte, never searched",
            ["execution.approvals.edited_payload json"] = "kept byte for byte, never searched",
            ["execution.run_steps.overridden_output json"] = "kept byte for byte, never searched",
            ["execution.run_reused_steps.overridden_output json"] = "kept byte for byte, never searched",
            ["integrations.mcp_tools.seen json"] = "as the server said it: its hash is over this",
            ["integrations.mcp_tools.accepted json"] = "as the server said it: its hash is over this",
            ["integrations.mcp_tool_executions.input json"] = "kept as it was, never searched",
            ["integrations.mcp_tool_executions.output json"] = "kept as it was, never searched",
        }),
        new("no sequences and no identities", $"""
            {Tables} select a.table_name || '.' || a.attname from attributes a where a.attidentity <> ''
            union all select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where c.relkind = 'S' and n.nspname in ('platform', 'tenants', 'agents', 'execution', 'billing', 'integrations', 'knowledge')
            """, Nothing),
        new("no views and no rules", """
            select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where (c.relkind in ('v', 'm', 'f') or c.relhasrules) and n.nspname in ('platform', 'tenants', 'agents', 'execution', 'billing', 'integrations', 'knowledge')
            """, Nothing),
        new("only the owner owns", """
            select 'relation ' || oid::regclass::text from pg_class where relowner in (select oid from pg_roles where rolname ~ '^agentplatform_(app|engine|operator)$')
            union all select 'function ' || oid::regprocedure::text from pg_proc where proowner in (select oid from pg_roles where rolname ~ '^agentplatform_(app|engine|operator)$')
            union all select 'schema ' || nspname from pg_namespace where nspowner in (select oid from pg_roles where rolname ~ '^agentplatform_(app|engine|operator)$')
            union all select 'create in ' || nspname || ' by ' || r.rolname from pg_namespace, pg_roles r
              where r.rolname ~ '^agentplatform_(app|engine|operator)$' and nspname in ('public', 'platform', 'tenants', 'agents', 'execution', 'billing', 'integrations', 'knowledge')
                and has_schema_privilege(r.oid, pg_namespace.oid, 'create')
            """, Nothing),
        new("roles are ordinary", """
            select rolname::text from pg_roles where rolname ~ '^agentplatform_(app|engine|operator)$' and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication)
            union all select m.member::regrole || ' is in ' || m.roleid::regrole from pg_auth_members m where m.member::regrole::text ~ '^agentplatform_(app|engine|operator)$'
            """, Nothing),
        new("grants are no wider than row security reaches", $"""
            {Tables} select p.name || ' ' || g.privilege_type || ' to ' || case g.grantee when 0 then 'public' else g.grantee::regrole::text end
            from tables p, lateral aclexplode(p.relacl) g
            where g.grantee <> p.relowner and (g.grantee = 0 or g.is_grantable or g.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')
              or (g.grantee = 'agentplatform_operator'::regrole and g.privilege_type <> 'SELECT'))
            """, Nothing),
        new("functions with the owner's rights pin their search path", $"""
            {Functions} select name from functions where prosecdef and not coalesce('search_path=pg_catalog, pg_temp' = any(proconfig), false)
            """, Nothing),
        new("functions with the owner's rights are not for everybody", $"""
            {Functions} select distinct f.name from functions f, lateral aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) g where f.prosecdef and g.grantee = 0
            """, Nothing),
        new("partitioned tables have a default and three months ahead", $"""
            {Tables} select p.name || ' ' || m.suffix from parent p, lateral (
              select 'default' as suffix union all
              select to_char(date_trunc('month', now() at time zone 'UTC') + make_interval(months => i), 'YYYY_MM') from generate_series(0, 3) i) m
            where p.relkind = 'p' and not exists (
              select from pg_inherits h where h.inhparent = p.oid and h.inhrelid::regclass::text = p.name || '_' || m.suffix)
            """, Nothing),
        new("what only grows is partitioned", $"""
            {Tables} select name from parent where relkind <> 'p' and name in ('execution.runs', 'execution.run_steps', 'execution.messages', 'execution.tool_executions',
              'execution.interactions', 'integrations.mcp_tool_executions', 'tenants.audit_logs', 'billing.usage_ledger', 'billing.usage_metrics', 'knowledge.rag_queries')
            """, Nothing),
        new("nobody reaches a partition by its own name", $"""
            {Tables} select t.name || ' ' || g.grantee::regrole from tables t, lateral aclexplode(t.relacl) g where t.relispartition and g.grantee <> t.relowner
            union all select t.name || ' ' || y.polname from tables t join pg_policy y on y.polrelid = t.oid where t.relispartition
            """, Nothing),
        new("what is immutable has its triggers", $"""
            {Tables} select p.name || ' ' || w.what from parent p, (values ('update', 16), ('delete', 8), ('truncate', 32)) w(what, bit)
            where p.name in ('agents.agent_versions', 'agents.agent_version_skills', 'agents.skill_versions', 'tenants.audit_logs', 'billing.usage_ledger') and not exists (
              select from pg_trigger g join pg_proc f on f.oid = g.tgfoid
              where g.tgrelid = p.oid and g.tgtype & w.bit = w.bit and g.tgtype & 2 = 2 and g.tgenabled = 'O' and g.tgqual is null and f.proname ~ '^refuse_')
            """, Nothing),
    ];

    static Dictionary<string, string> Only(params string[] names) => names.ToDictionary(name => name, name => Global[name]);
}
