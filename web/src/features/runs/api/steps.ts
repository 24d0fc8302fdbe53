import type { StepView } from '~/generated/api';
import type { StreamEvent } from '~/lib/eventStream';

/** A step as the run's page knows it: stored, told by the stream, or both. */
export interface Step {
  key: string;
  path: string | null;
  node_id: string;
  idx: number;
  attempt: number;
  skill: string | null;
  status: string;
  input?: unknown;
  output?: unknown;
  error?: unknown;
  usage?: unknown;
  started_at: string | null;
  finished_at: string | null;
  overridden_at: string | null;
  reused_from: string | null;
  /** What a model has written so far. */
  text?: string;
}

export const keyOf = (path: string | null | undefined, node: string) => (path ? `${path}.${node}` : node);

export const fromStored = (step: StepView): Step => ({ ...step, key: keyOf(step.path, step.node_id) });

interface StepData {
  path?: string;
  node_id: string;
  attempt: number;
  status?: string;
  output?: unknown;
  error?: unknown;
  at?: string;
  text?: string;
}

function parse(data: string): StepData | null {
  try {
    return JSON.parse(data) as StepData;
  } catch {
    return null;
  }
}

/** What the stream has told so far, one event further. Answers the same map when the event says nothing about steps. */
export function told(before: ReadonlyMap<string, Step>, { name, data }: StreamEvent): ReadonlyMap<string, Step> {
  const event = name.startsWith('step.') || name === 'token' ? parse(data) : null;
  if (!event) {
    return before;
  }
  const key = keyOf(event.path, event.node_id);
  const known = before.get(key);
  const step: Step = {
    key,
    path: event.path ?? null,
    node_id: event.node_id,
    idx: known?.idx ?? before.size,
    skill: known?.skill ?? null,
    overridden_at: null,
    reused_from: null,
    attempt: event.attempt,
    status: 'running',
    started_at: known?.started_at ?? null,
    finished_at: null,
  };
  if (name === 'step.started') {
    return new Map(before).set(key, { ...step, started_at: event.at ?? null });
  }
  if (name === 'token') {
    const same = known?.attempt === event.attempt ? (known.text ?? '') : '';
    return new Map(before).set(key, { ...step, text: same + (event.text ?? '') });
  }
  return new Map(before).set(key, { ...step, status: event.status ?? 'succeeded', output: event.output, error: event.error, finished_at: event.at ?? null });
}

const isOver = (step: Step) => step.finished_at !== null;

/** Stored and told steps as one list in the order of execution. The stream is ahead of what is stored, and knows less of each step. */
export function merged(stored: readonly Step[], live: ReadonlyMap<string, Step>): Step[] {
  const all = new Map(stored.map((step) => [step.key, step]));
  for (const step of live.values()) {
    const known = all.get(step.key);
    if (!known) {
      all.set(step.key, step);
    } else if (step.attempt > known.attempt || (step.attempt === known.attempt && isOver(step) && !isOver(known))) {
      all.set(step.key, { ...known, ...step, idx: known.idx, skill: known.skill, input: known.input });
    } else if (!isOver(known) && step.text) {
      all.set(step.key, { ...known, text: step.text });
    }
  }
  return [...all.values()].sort((a, b) => (a.path ?? '').localeCompare(b.path ?? '', 'en', { numeric: true }) || a.idx - b.idx);
}
