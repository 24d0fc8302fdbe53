import { useMemo } from 'react';
import { $api } from '~/lib/client';
import { useCan } from '~/lib/session';

/** The tenant's members, for names and choices; the first 200. */
export function useMembers() {
  const may = useCan('members:read');
  const { data } = $api.useQuery('get', '/v1/members', { params: { query: { limit: 200 } } }, { staleTime: 60_000, enabled: may });
  return useMemo(() => {
    const items = data?.items ?? [];
    const names = new Map(items.map((member) => [member.user_id, member.name]));
    return { items, nameOf: (id: string) => names.get(id) ?? null };
  }, [data]);
}
