import { useQueries } from '@tanstack/react-query';
import { $api } from '~/lib/client';
import type { Group } from './useUsage';

/** Each day's groups. The API groups by one thing at once, so each day that has any usage is asked for by itself. */
export const useDays = (days: readonly string[], group: Group) =>
  useQueries({
    queries: days.map((day) => $api.queryOptions('get', '/v1/usage', { params: { query: { from: day, to: day, group_by: group } } }, { staleTime: 60_000 })),
    combine: (answers) => ({
      data: answers.some((answer) => answer.data === undefined)
        ? undefined
        : answers.map((answer, at) => ({ day: days[at] ?? '', items: answer.data?.items ?? [] })),
      isPending: answers.some((answer) => answer.isPending),
      error: answers.find((answer) => answer.error)?.error ?? null,
      refetch: () => Promise.all(answers.map((answer) => answer.refetch())),
    }),
  });
