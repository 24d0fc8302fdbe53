import { describe, expect, it } from 'vitest';
import { merged, type Step, told } from './steps';

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
    expect(merged(steps, none).map((step) => step.path)).toEqual([null, 'each[9]', 'each[10]']);
  });
});
