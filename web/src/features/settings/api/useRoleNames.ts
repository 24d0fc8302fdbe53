import { $api } from '~/lib/client';

export function useRoleNames() {
  const { data } = $api.useQuery('get', '/v1/roles');
  return data?.items.map((role) => role.name) ?? [];
}
