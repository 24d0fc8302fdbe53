import { keepPreviousData } from '@tanstack/react-query';
import { $api } from '~/lib/client';

/** The first agents whose name, description or tags have these words; none while there are no words. */
export function useFoundAgents(words: string) {
  const { data, isFetching } = $api.useQuery(
    'get',
    '/v1/agents',
    { params: { query: { Limit: 8, Q: words } } },
    { enabled: words.length > 0, placeholderData: keepPreviousData },
  );
  return { found: words ? (data?.items ?? []) : [], isSearching: isFetching };
}
