import { queryOptions, useQuery } from '@tanstack/react-query';
import { client } from '~/lib/client';
import { arranged, fromOutline, type Step } from './steps';

/** All steps of a run that are stored, in short: thousands of them in one answer. */
export const stepsQuery = (runId: string) =>
  queryOptions({
    queryKey: ['get', '/v1/runs/{id}/outline', runId],
    // To look for what stayed the same in thousands of steps costs more than to draw the few that are seen.
    structuralSharing: false,
    queryFn: async ({ signal }) => {
      const steps: Step[] = [];
      let cursor: string | undefined;
      do {
        const { data, error } = await client.GET('/v1/runs/{id}/outline', { params: { path: { id: runId }, query: { cursor } }, signal });
        if (!data) {
          throw error;
        }
        steps.push(...fromOutline(data));
        cursor = data.next_cursor ?? undefined;
      } while (cursor);
      return arranged(steps);
    },
  });

/** What one step was given and gave: its last attempt, as it is stored; null for what the stream is ahead with. */
export const useStored = (runId: string, step: Step | undefined) =>
  useQuery({
    queryKey: ['get', '/v1/runs/{id}/steps', runId, step?.key],
    enabled: step !== undefined,
    queryFn: async ({ signal }) => {
      const { data, error } = await client.GET('/v1/runs/{id}/steps', { params: { path: { id: runId }, query: { step: step?.key, limit: 200 } }, signal });
      if (!data) {
        throw error;
      }
      return data.items.at(-1) ?? null;
    },
  });
