import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export const useMembers = () =>
  usePages(['get', '/v1/members'], (cursor, signal) => client.GET('/v1/members', { params: { query: { limit: 200, cursor } }, signal }));
