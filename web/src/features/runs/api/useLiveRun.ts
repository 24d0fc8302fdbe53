import { useMemo, useState } from 'react';
import type { StepView } from '~/generated/api';
import { $api } from '~/lib/client';
import { useEventStream } from '~/lib/eventStream';
import { refresh } from '~/lib/queries';
import { fromStored, merged, type Step, told } from './steps';
import { useSteps } from './useSteps';

export const isOver = (status: string | undefined) => status === 'succeeded' || status === 'failed' || status === 'canceled';

const nothing: ReadonlyMap<string, Step> = new Map();

/** A run and its steps, as they are and as they become: what is stored, with what the stream tells on top. */
export function useLiveRun(id: string) {
  const run = $api.useQuery('get', '/v1/runs/{id}', { params: { path: { id } } });
  const [live, setLive] = useState(nothing);
  const [early, setEarly] = useState<StepView[]>([]);
  const steps = useSteps(id, setEarly);
  const status = run.data?.status;
  const stream = useEventStream(
    status && !isOver(status) ? `/v1/runs/${id}/events` : null,
    (event) => {
      setLive((before) => told(before, event));
      if (event.name.startsWith('run.')) {
        void refresh('/v1/runs/{id}', '/v1/approvals');
      }
    },
    (event) => event.name === 'run.finished',
  );
  const stored = steps.data ?? early;
  const all = useMemo(() => merged(stored.map(fromStored), live), [stored, live]);
  return { run, steps: all, stepsQuery: steps, stream };
}
