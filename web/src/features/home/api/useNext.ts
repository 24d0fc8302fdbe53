import { useQueries } from '@tanstack/react-query';
import { useAgents } from '~/lib/agents';
import { $api } from '~/lib/client';

const looked = 20;

/** The next fires of the agents that were used last: the API lists triggers by agent. */
export function useNext() {
  const { items } = useAgents();
  const agents = items
    .filter((agent) => agent.status === 'active')
    .sort((a, b) => (b.last_used_at ?? '').localeCompare(a.last_used_at ?? ''))
    .slice(0, looked);
  return useQueries({
    queries: agents.map((agent) =>
      $api.queryOptions('get', '/v1/agents/{agent}/triggers', { params: { path: { agent: agent.slug }, query: { limit: 50 } } }, { staleTime: 60_000 }),
    ),
    combine: (answers) =>
      answers
        .flatMap((answer, index) => (answer.data?.items ?? []).map((trigger) => ({ trigger, agent: agents[index] })))
        .flatMap(({ trigger, agent }) => (agent && trigger.is_enabled && trigger.next_fire_at ? [{ trigger, agent, at: trigger.next_fire_at }] : []))
        .sort((a, b) => a.at.localeCompare(b.at))
        .slice(0, 8),
  });
}
