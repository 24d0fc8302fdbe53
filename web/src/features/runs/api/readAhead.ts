import type { RunView } from '~/generated/api';
import { $api } from '~/lib/client';
import { queryClient } from '~/lib/queries';
import { stepsQuery } from './useSteps';

export const runQuery = (id: string) => $api.queryOptions('get', '/v1/runs/{id}', { params: { path: { id } } });

/** The version that a run executes, which never changes. */
export const versionQuery = (run: RunView) =>
  $api.queryOptions(
    'get',
    '/v1/agents/{agent}/versions/{version}',
    { params: { path: { agent: run.agent_id, version: run.agent_version_id } } },
    { staleTime: Number.POSITIVE_INFINITY },
  );

/** Asks for what a run's page will show while the page itself is on its way: one after the other they take twice as long. */
export async function readAhead(id: string, view: string | undefined) {
  void (view === undefined || view === 'graph' ? import('~/components/graph/GraphView') : import('../components/StepRows'));
  const staleTime = Number.POSITIVE_INFINITY;
  void queryClient.prefetchQuery({ ...stepsQuery(id), staleTime });
  await queryClient.prefetchQuery({ ...runQuery(id), staleTime });
  const run = queryClient.getQueryData<RunView>(runQuery(id).queryKey);
  if (run) {
    await queryClient.prefetchQuery(versionQuery(run));
  }
}

/** Fetches what every run's page is made of, before anybody has chosen one. */
export function getReady() {
  void import('../pages/RunPage');
  void import('~/components/graph/GraphView');
  void import('~/components/graph/layout').then(({ warmUp }) => warmUp());
}
