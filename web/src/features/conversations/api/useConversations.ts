import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export interface ConversationFilter {
  agent?: string;
  status?: string;
  q?: string;
}

/** Searching begins with two letters: that is what the API takes. */
export const useConversations = ({ q, ...filter }: ConversationFilter) => {
  const query = { ...filter, q: q && q.trim().length > 1 ? q.trim() : undefined };
  return usePages(
    ['get', '/v1/conversations', query],
    (cursor, signal) => client.GET('/v1/conversations', { params: { query: { ...query, limit: 50, cursor } }, signal }),
    { refetchInterval: 30_000 },
  );
};
