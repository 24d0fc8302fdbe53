import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export interface AgentFilter {
  q?: string;
  status?: string;
  tag?: string;
  favorite?: boolean;
}

export const useAgentList = (filter: AgentFilter) =>
  usePages(['get', '/v1/agents', filter], (cursor, signal) =>
    client.GET('/v1/agents', {
      params: { query: { Limit: 50, Cursor: cursor, Q: filter.q, Status: filter.status, Tag: filter.tag, Favorite: filter.favorite } },
      signal,
    }),
  );
