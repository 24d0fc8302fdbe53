import { useMemo } from 'react';
import { $api } from '~/lib/client';

/** The tenant's agents, for names and choices; the newest 200. */
export function useAgents() {
  const { data, isPending } = $api.useQuery('get', '/v1/agents', { params: { query: { Limit: 200 } } }, { staleTime: 30_000 });
  return useMemo(() => {
    const items = data?.items ?? [];
    const byId = new Map(items.map((agent) => [agent.id, agent]));
    return { items, isPending, byId, nameOf: (id: string) => byId.get(id)?.name ?? null };
  }, [data, isPending]);
}
