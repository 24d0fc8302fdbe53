import { keepPreviousData } from '@tanstack/react-query';
import { $api } from '~/lib/client';

export const groups = ['agent', 'service', 'user'] as const;

export type Group = (typeof groups)[number];

/** What was used from one day to another, both included. */
export const useUsage = (from: string, to: string, group: Group | 'day' | `day,${Group}`) =>
  $api.useQuery('get', '/v1/usage', { params: { query: { from, to, group_by: group } } }, { placeholderData: keepPreviousData, refetchInterval: 30_000 });
