import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export const useKeys = () =>
  usePages(['get', '/v1/api-keys'], (cursor, signal) => client.GET('/v1/api-keys', { params: { query: { limit: 100, cursor } }, signal }));
