import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export const useVersions = (skill: string) =>
  usePages(['get', '/v1/skills/{skill}/versions', skill], (cursor, signal) =>
    client.GET('/v1/skills/{skill}/versions', { params: { path: { skill }, query: { limit: 50, cursor } }, signal }),
  );
