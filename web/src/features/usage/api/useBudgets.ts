import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export const useBudgets = () =>
  usePages(['get', '/v1/budgets'], (cursor, signal) => client.GET('/v1/budgets', { params: { query: { limit: 100, cursor } }, signal }), {
    refetchInterval: 30_000,
  });
