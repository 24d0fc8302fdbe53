import { useQuery } from '@tanstack/react-query';
import type { StepView } from '~/generated/api';
import { client } from '~/lib/client';

/** All steps of a run that are stored, page after page; a run of thousands shows its first page at once. */
export function useSteps(runId: string, onPage: (steps: StepView[]) => void) {
  return useQuery({
    queryKey: ['get', '/v1/runs/{id}/steps', runId],
    queryFn: async ({ signal }) => {
      const steps: StepView[] = [];
      let cursor: string | undefined;
      do {
        const { data, error } = await client.GET('/v1/runs/{id}/steps', { params: { path: { id: runId }, query: { limit: 200, cursor } }, signal });
        if (!data) {
          throw error;
        }
        steps.push(...data.items);
        cursor = data.next_cursor ?? undefined;
        if (cursor) {
          onPage([...steps]);
        }
      } while (cursor);
      return steps;
    },
  });
}
