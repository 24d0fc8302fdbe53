import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export const useServers = () =>
  usePages(['get', '/v1/mcp-servers'], (cursor, signal) => client.GET('/v1/mcp-servers', { params: { query: { limit: 50, cursor } }, signal }));
