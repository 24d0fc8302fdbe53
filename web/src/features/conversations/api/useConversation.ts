import { $api } from '~/lib/client';

/** While an answer is due, what comes of it is looked at from time to time: another window may have asked for it. */
export const useConversation = (id: string) =>
  $api.useQuery(
    'get',
    '/v1/conversations/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (state.data?.pending_count ? 5_000 : 30_000) },
  );
