import { describe, expect, it } from 'vitest';
import { arranged, detailed, fromOutline, merged, type Step, told } from './steps';

const event = (name: string, data: object) => ({ id: '1.1', name, data: JSON.stringify(data) });
const none: ReadonlyMap<string, Step> = new Map();
const stored = (change: Partial<Step>): Step => ({
  key: 'a',
  path: null,
  node_id: 'a',
  idx: 0,
  attempt: 1,
  skill: 'http_request@1.0.0',
  status: 'succeeded',
  started_at: '2026-01-01T00:00:00Z',
  finished_at: '2026-01-01T00:00:01Z',
  overridden_at: null,
  reused_from: null,
  cost: 0,
  ...change,
});

describe('what a stream tells', () => {
  it('begins and ends steps', () => {
    const begun = told(none, event('step.started', { node_id: 'a', attempt: 1, at: '2026-01-01T00:00:00Z' }));
    expect(begun.get('a')).toMatchObject({ status: 'running', started_at: '2026-01-01T00:00:00Z', finished_at: null });
    const ended = told(begun, event('step.finished', { node_id: 'a', attempt: 1, status: 'failed', error: { code: 'timeout' }, at: '2026-01-01T00:00:02Z' }));
    expect(ended.get('a')).toMatchObject({
      status: 'failed',
      error: { code: 'timeout' },
      started_at: '2026-01-01T00:00:00Z',
      finished_at: '2026-01-01T00:00:02Z',
    });
  });

  it('collects what a model writes, anew for each attempt', () => {
    let live = told(none, event('token', { node_id: 'm', attempt: 1, text: 'Hel' }));
    live = told(live, event('token', { node_id: 'm', attempt: 1, text: 'lo' }));
    expect(live.get('m')?.text).toBe('Hello');
    expect(told(live, event('token', { node_id: 'm', attempt: 2, text: 'x' })).get('m')?.text).toBe('x');
  });

  it('passes over what it does not know', () => {
    expect(told(none, event('run.finished', {}))).toBe(none);
    expect(told(none, { id: '1', name: 'step.started', data: '{' })).toBe(none);
  });

  it('keeps the nodes of bodies apart', () => {
    const live = told(
      told(none, event('step.started', { node_id: 'a', path: 'each[0]', attempt: 1 })),
      event('step.started', { node_id: 'a', path: 'each[1]', attempt: 1 }),
    );
    expect([...live.keys()]).toEqual(['each[0].a', 'each[1].a']);
  });
});

describe('stored and told steps', () => {
  it('are one list, in which the end of a step wins', () => {
    const live = told(none, event('step.finished', { node_id: 'a', attempt: 1, status: 'succeeded', output: 1, at: '2026-01-01T00:00:03Z' }));
    expect(merged([stored({ status: 'running', finished_at: null, input: { x: 1 } })], live)).toMatchObject([
      { status: 'succeeded', output: 1, input: { x: 1 }, skill: 'http_request@1.0.0' },
    ]);
  });

  it('let an old event change nothing that is stored', () => {
    const live = told(none, event('step.started', { node_id: 'a', attempt: 1 }));
    expect(merged([stored({ attempt: 2 })], live)).toMatchObject([{ attempt: 2, status: 'succeeded' }]);
  });

  it('are ordered by place, the tenth item after the ninth', () => {
    const steps = ['each[10]', 'each[9]', null].map((path) => stored({ path, key: `${path}` }));
    expect(arranged(steps).map((step) => step.path)).toEqual([null, 'each[9]', 'each[10]']);
    const live = told(none, event('step.started', { node_id: 'a', path: 'each[8]', attempt: 1 }));
    expect(merged(arranged(steps), live).map((step) => step.path)).toEqual([null, 'each[8]', 'each[9]', 'each[10]']);
  });

  it('are told by their last attempt', () => {
    expect(arranged([stored({ status: 'failed' }), stored({ attempt: 2 })])).toMatchObject([{ attempt: 2, status: 'succeeded' }]);
  });
});

describe('an outline', () => {
  it('is read by its columns', () => {
    const steps = fromOutline({
      origin: '2026-01-01T00:00:00Z',
      nodes: ['each', 'greet'],
      skills: ['foreach', 'transform'],
      statuses: ['running', 'failed'],
      node: [0, 1, 1],
      path: ['', 'each[0]', 'each[1]'],
      idx: [0, 0, 0],
      attempt: [1, 2, 0],
      skill: [0, 1, null],
      status: [0, 1, 1],
      started: [0, 1500, null],
      took: [null, 20, null],
      cost: [0, 7, 0],
      next_cursor: null,
    });
    expect(steps).toMatchObject([
      { key: 'each', path: null, skill: 'foreach', status: 'running', started_at: '2026-01-01T00:00:00.000Z', finished_at: null },
      { key: 'each[0].greet', attempt: 2, skill: 'transform', status: 'failed', finished_at: '2026-01-01T00:00:01.520Z', cost: 7 },
      { key: 'each[1].greet', skill: null, started_at: null, finished_at: null },
    ]);
  });
});

describe('what is stored of a step', () => {
  const view = {
    path: null,
    node_id: 'a',
    idx: 0,
    item: null,
    skill: null,
    usage: null,
    started_at: null,
    overridden_by: null,
    overridden_at: null,
    reused_from: null,
  };
  const full = (change: object) => ({
    ...view,
    attempt: 1,
    status: 'succeeded',
    input: 1,
    output: 2,
    error: null,
    finished_at: '2026-01-01T00:00:01Z',
    ...change,
  });

  it('is what somebody who looks at it sees', () => {
    expect(detailed(stored({ output: 'told' }), full({}))).toMatchObject({ input: 1, output: 2 });
  });

  it('gives way to what the stream told since', () => {
    expect(detailed(stored({ output: 'told' }), full({ finished_at: null, output: null }))).toMatchObject({ input: 1, output: 'told' });
    expect(detailed(stored({ attempt: 2 }), full({})).input).toBeUndefined();
  });
});
