import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export const useTools = (server: string) =>
  usePages(['get', '/v1/mcp-servers/{server}/tools', server], (cursor, signal) =>
    client.GET('/v1/mcp-servers/{server}/tools', { params: { path: { server }, query: { limit: 100, cursor } }, signal }),
  );
