import { keepPreviousData } from '@tanstack/react-query';
import { $api } from '~/lib/client';

const shown = 12;

/** The last runs of each of these agents, by agent. */
export function useLatestRuns(agentIds: string[]) {
  const may = agentIds.length > 0;
  const { data } = $api.useQuery(
    'get',
    '/v1/runs/latest',
    { params: { query: { agent_id: agentIds.slice(0, 200), last: shown } } },
    { enabled: may, placeholderData: keepPreviousData, refetchInterval: 15_000 },
  );
  return (id: string) => data?.items.find((item) => item.agent_id === id)?.runs ?? [];
}
