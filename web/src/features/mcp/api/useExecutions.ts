import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export const useExecutions = () =>
  usePages(['get', '/v1/tool-executions'], (cursor, signal) => client.GET('/v1/tool-executions', { params: { query: { limit: 20, cursor } }, signal }), {
    refetchInterval: 15_000,
  });
