import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

/** A conversation's messages, the newest first; looked at again from time to time, more often while an answer is due. */
export const useMessages = (id: string, replaced: boolean, isDue: boolean) =>
  usePages(
    ['get', '/v1/conversations/{id}/messages', id, replaced],
    (cursor, signal) =>
      client.GET('/v1/conversations/{id}/messages', { params: { path: { id }, query: { limit: 50, cursor, superseded: replaced || undefined } }, signal }),
    { refetchInterval: isDue ? 5_000 : 30_000 },
  );
