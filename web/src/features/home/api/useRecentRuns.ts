import { useQuery } from '@tanstack/react-query';
import type { RunSummary } from '~/generated/api';
import { client } from '~/lib/client';

const pages = 5;

/** The runs of the last two days, the newest first; at most a thousand, because the API counts none for us. */
export const useRecentRuns = () =>
  useQuery({
    queryKey: ['get', '/v1/runs', 'recent'],
    refetchInterval: 15_000,
    queryFn: async ({ signal }) => {
      const since = new Date(Date.now() - 48 * 3_600_000).toISOString();
      const runs: RunSummary[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < pages; page++) {
        const { data, error } = await client.GET('/v1/runs', { params: { query: { since, test: false, limit: 200, cursor } }, signal });
        if (!data) {
          throw error;
        }
        runs.push(...data.items);
        cursor = data.next_cursor ?? undefined;
        if (!cursor) {
          break;
        }
      }
      return { runs, isCapped: cursor !== undefined };
    },
  });
