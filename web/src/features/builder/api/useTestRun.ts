import { useCallback, useEffect, useMemo, useState } from 'react';
import type { LatestStep } from '~/generated/api';
import { $api, client } from '~/lib/client';
import { type StreamEvent, useEventStream } from '~/lib/eventStream';
import { tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';

export type Part = { kind: 'whole'; input?: unknown } | { kind: 'from' | 'only'; node: string; input?: unknown };

interface TestRun {
  id: string;
  status: string;
  /** Of the nodes that were begun so far. */
  nodes: ReadonlyMap<string, string>;
}

interface StepTold {
  path?: string;
  node_id?: string;
  status?: string;
}

const read = (data: string): StepTold => {
  try {
    return JSON.parse(data) as StepTold;
  } catch {
    return {};
  }
};

/** The test that runs or ran last, one event further. */
export function toldOf(run: TestRun, { name, data }: StreamEvent): TestRun {
  const { path, node_id: node, status } = read(data);
  if (name === 'run.finished' || name === 'run.waiting' || name === 'run.paused') {
    return { ...run, status: status ?? name.slice(4) };
  }
  if (!node || path || !name.startsWith('step.')) {
    return name === 'run.started' ? { ...run, status: 'running' } : run;
  }
  return { ...run, nodes: new Map(run.nodes).set(node, name === 'step.started' ? 'running' : (status ?? 'succeeded')) };
}

const isOver = (status: string) => ['succeeded', 'failed', 'canceled'].includes(status);

/** Runs the draft, whole or in part, and tells how it goes. */
export function useTestRun(agent: string, flush: () => Promise<string | null>) {
  const [run, setRun] = useState<TestRun | null>(null);
  const [isStarting, setStarting] = useState(false);
  const start = useCallback(
    async (part: Part) => {
      setStarting(true);
      try {
        if ((await flush()) === null) {
          return;
        }
        const { data, error } = await client.POST('/v1/agents/{agent}/draft/run', {
          params: { path: { agent } },
          body: {
            ...(part.input === undefined ? {} : { input: part.input }),
            ...(part.kind === 'from' ? { from_node: part.node } : part.kind === 'only' ? { only_node: part.node } : {}),
          },
        });
        if (data) {
          setRun({ id: data.id, status: data.status, nodes: new Map([...data.reused, ...data.pinned].map((node) => [node, 'succeeded'])) });
        } else {
          tellProblem(error);
        }
      } catch (error) {
        tellProblem(error);
      } finally {
        setStarting(false);
      }
    },
    [agent, flush],
  );
  useEventStream(
    run ? `/v1/runs/${run.id}/events` : null,
    (event) => setRun((former) => former && toldOf(former, event)),
    (event) => event.name === 'run.finished',
  );
  const status = run?.status;
  useEffect(() => {
    if (status && isOver(status)) {
      void refresh('/v1/agents/{agent}/latest-steps', '/v1/runs');
    }
  }, [status]);
  return { run, start, isBusy: isStarting || (run !== null && !isOver(run.status) && run.status !== 'waiting') };
}

export type TestRuns = ReturnType<typeof useTestRun>;

export type Steps = ReadonlyMap<string, LatestStep>;

const noSteps: Steps = new Map();

/** What each node came to when it ran last. */
export function useLatestSteps(agent: string) {
  const latest = $api.useQuery('get', '/v1/agents/{agent}/latest-steps', { params: { path: { agent } } }, { retry: false });
  const items = latest.data?.items;
  const steps = useMemo(() => (items ? new Map(items.map((step) => [step.node_id, step])) : noSteps), [items]);
  return { steps, input: latest.data?.input ?? undefined, query: latest };
}
