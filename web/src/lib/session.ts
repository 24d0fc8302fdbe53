import { queryOptions, useQuery } from '@tanstack/react-query';
import type { AccountAnswer } from '~/generated/api';
import { client, keepCsrfToken } from '~/lib/client';
import { queryClient } from '~/lib/queries';

export const accountQuery = queryOptions({
  queryKey: ['account'],
  staleTime: 60_000,
  retry: false,
  queryFn: async () => {
    const { data, error, response } = await client.GET('/v1/me');
    if (response.status === 401) {
      return null;
    }
    if (!data) {
      throw error;
    }
    keepCsrfToken(data.csrf_token);
    return data;
  },
});

/** Somebody came in, or into another tenant: nothing that was read for anyone else stays. */
export function enter(account: AccountAnswer) {
  queryClient.clear();
  keepCsrfToken(account.csrf_token);
  queryClient.setQueryData(accountQuery.queryKey, account);
}

export function leave() {
  keepCsrfToken(null);
  queryClient.clear();
}

/** Who is signed in; only for what stands behind the sign-in. */
export function useAccount(): AccountAnswer {
  const { data } = useQuery(accountQuery);
  if (!data) {
    throw new Error('Nobody is signed in.');
  }
  return data;
}

/** Whether a role's permissions (`runs:read`, `runs:*`, `*`) cover one. */
export function covers(granted: readonly string[], wanted: string) {
  const area = wanted.split(':')[0];
  return granted.some((permission) => permission === '*' || permission === wanted || permission === `${area}:*`);
}

export const useCan = (permission: string) => covers(useAccount().permissions, permission);
