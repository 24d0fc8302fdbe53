import { useParams } from '@tanstack/react-router';
import type { AgentView } from '~/generated/api';
import { $api } from '~/lib/client';

export const useAgent = (agent: string) => $api.useQuery('get', '/v1/agents/{agent}', { params: { path: { agent } } });

/** The version that runs; versions never change, so it is read once. */
export const useLatestVersion = (agent: AgentView | undefined) =>
  $api.useQuery(
    'get',
    '/v1/agents/{agent}/versions/{version}',
    { params: { path: { agent: agent?.id ?? '', version: agent?.latest_version_id ?? '' } } },
    { enabled: Boolean(agent?.latest_version_id), staleTime: Number.POSITIVE_INFINITY },
  );

/** The agent of the page that is open. */
export const useThisAgent = () => useAgent(useParams({ from: '/app/agents/$agent' }).agent);
