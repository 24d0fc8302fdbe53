import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useEventStream } from '~/lib/eventStream';
import { refresh } from '~/lib/queries';
import { runQuery } from './readAhead';
import { merged, type Step, told } from './steps';
import { stepsQuery } from './useSteps';

export const isOver = (status: string | undefined) => status === 'succeeded' || status === 'failed' || status === 'canceled';

const nothing: ReadonlyMap<string, Step> = new Map();
const none: Step[] = [];

/** A run and its steps, as they are and as they become: what is stored, with what the stream tells on top. */
export function useLiveRun(id: string) {
  const run = useQuery(runQuery(id));
  const [live, setLive] = useState(nothing);
  const steps = useQuery(stepsQuery(id));
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
  const stored = steps.data ?? none;
  const all = useMemo(() => merged(stored, live), [stored, live]);
  return { run, steps: all, stepsQuery: steps, stream };
}
