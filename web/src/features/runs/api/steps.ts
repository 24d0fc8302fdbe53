import type { RunOutline, StepView } from '~/generated/api';
import type { StreamEvent } from '~/lib/eventStream';

/** A step as the run's page knows it: stored, told by the stream, or both. What it was given and gave is read when somebody looks at it. */
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
  cost: number;
  /** What a model has written so far. */
  text?: string;
}

export const keyOf = (path: string | null | undefined, node: string) => (path ? `${path}.${node}` : node);

/** The columns of an outline as steps. */
export function fromOutline(outline: RunOutline): Step[] {
  const origin = outline.origin ? new Date(outline.origin).getTime() : 0;
  const at = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : new Date(origin + ms).toISOString());
  return outline.node.map((node, i) => {
    const [id, path, skill] = [outline.nodes[node] ?? '', outline.path[i] || null, outline.skill[i] ?? null];
    const [started, took] = [outline.started[i] ?? null, outline.took[i] ?? null];
    return {
      key: keyOf(path, id),
      path,
      node_id: id,
      idx: outline.idx[i] ?? 0,
      attempt: outline.attempt[i] ?? 1,
      skill: skill === null ? null : (outline.skills[skill] ?? null),
      status: outline.statuses[outline.status[i] ?? 0] ?? '',
      started_at: at(started),
      finished_at: took === null ? null : at((started ?? 0) + took),
      overridden_at: null,
      reused_from: null,
      cost: outline.cost[i] ?? 0,
    };
  });
}

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
    cost: 0,
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

const places = new Intl.Collator('en', { numeric: true });
const inOrder = (a: Step, b: Step) => (a.path === b.path ? 0 : places.compare(a.path ?? '', b.path ?? '')) || a.idx - b.idx;

/** The last attempt of each step, in the order of execution. */
export const arranged = (steps: readonly Step[]): Step[] => [...new Map(steps.map((step) => [step.key, step])).values()].sort(inOrder);

/** Arranged and told steps as one list in the order of execution. The stream is ahead of what is stored, and knows less of each step. */
export function merged(stored: Step[], live: ReadonlyMap<string, Step>): Step[] {
  if (live.size === 0) {
    return stored;
  }
  const all = new Map(stored.map((step) => [step.key, step]));
  for (const step of live.values()) {
    const known = all.get(step.key);
    if (!known) {
      all.set(step.key, step);
    } else if (step.attempt > known.attempt || (step.attempt === known.attempt && isOver(step) && !isOver(known))) {
      all.set(step.key, { ...known, ...step, idx: known.idx, skill: known.skill });
    } else if (!isOver(known) && step.text) {
      all.set(step.key, { ...known, text: step.text });
    }
  }
  return all.size === stored.length ? [...all.values()] : [...all.values()].sort(inOrder);
}

/** A step with what is stored of it, unless the stream is already at a later attempt; what it gave, the stream may know first. */
export function detailed(step: Step, stored: StepView | null | undefined): Step {
  if (!stored || stored.attempt < step.attempt) {
    return step;
  }
  const { input, usage, overridden_at, reused_from } = stored;
  const ended = stored.finished_at ? stored : step;
  return { ...step, input, usage, overridden_at, reused_from, output: ended.output, error: ended.error };
}
