import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export const useTeams = () =>
  usePages(['get', '/v1/teams'], (cursor, signal) => client.GET('/v1/teams', { params: { query: { limit: 100, cursor } }, signal }));
