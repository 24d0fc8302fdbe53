-- What runs used outside and what it cost. A step's usage is an array, one object for each service that it called (Domain/Execution/SkillUsage.cs);
-- a run's is the sum of its steps', all attempts included, in the same form.
-- after: execution/0006
-- migrate:up
-- The API key that the run was asked for with, its parents' included: budgets can be set for a key.
alter table execution.runs add column api_key_id uuid;

create function execution.usage_cost(usage jsonb) returns bigint
language sql immutable parallel safe set search_path = pg_catalog, execution as $$
  select coalesce(sum((u ->> 'cost_micros')::bigint), 0)::bigint from jsonb_array_elements(usage) u
$$;

-- Whoever executes a run carries the sum with it; this is for those who end or show a run that nobody executes. A run's steps are a range of the
-- primary key (Domain/Execution/StepId.cs): 24 bits behind the run's own.
create function execution.run_usage(tenant uuid, run uuid) returns jsonb
language sql stable set search_path = pg_catalog, execution as $$
  select jsonb_agg(jsonb_build_object(
    'service', t.service, 'tokens_prompt', t.prompt, 'tokens_completion', t.completion, 'tokens_cached', t.cached, 'tokens_reasoning', t.reasoning,
    'api_calls', t.calls, 'units', t.units, 'cost_micros', t.cost, 'currency', t.currency, 'is_estimated', t.estimated) order by t.service, t.currency)
  from (
    select u ->> 'service' as service, u ->> 'currency' as currency, sum((u ->> 'tokens_prompt')::bigint) as prompt, sum((u ->> 'tokens_completion')::bigint) as completion,
      sum((u ->> 'tokens_cached')::bigint) as cached, sum((u ->> 'tokens_reasoning')::bigint) as reasoning, sum((u ->> 'api_calls')::bigint) as calls,
      sum((u ->> 'units')::bigint) as units, sum((u ->> 'cost_micros')::bigint) as cost, bool_or((u ->> 'is_estimated')::boolean) as estimated
    from execution.run_steps s cross join lateral jsonb_array_elements(s.usage) u
    where s.tenant_id = tenant and s.id between (left(run::text, 30) || '000000')::uuid and (left(run::text, 30) || 'ffffff')::uuid
      and s.run_id = run and s.usage is not null
    group by 1, 2
  ) t
$$;

-- Requests end runs that nobody executes, and state then what they have cost.
grant update (usage, cost_micros) on execution.runs to agentplatform_app;
-- migrate:down
revoke update (usage, cost_micros) on execution.runs from agentplatform_app;
drop function execution.run_usage(uuid, uuid);
drop function execution.usage_cost(jsonb);
alter table execution.runs drop column api_key_id;
