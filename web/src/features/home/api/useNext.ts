import { useAgents } from '~/lib/agents';
import { $api } from '~/lib/client';

const shown = 8;

/** What the schedules start next. */
export function useNext() {
  const { byId } = useAgents();
  const { data } = $api.useQuery('get', '/v1/triggers', { params: { query: { kind: 'schedule', enabled: true, limit: 200 } } }, { staleTime: 60_000 });
  return (data?.items ?? [])
    .flatMap((trigger) => {
      const agent = byId.get(trigger.agent_id);
      return agent?.status === 'active' && trigger.next_fire_at ? [{ trigger, agent, at: trigger.next_fire_at }] : [];
    })
    .sort((a, b) => a.at.localeCompare(b.at))
    .slice(0, shown);
}
