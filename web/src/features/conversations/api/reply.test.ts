import { describe, expect, it } from 'vitest';
import { type Reply, told, unheard, wordsOf } from './reply';

const tell = (reply: Reply, ...events: [string, object][]) =>
  events.reduce((so, [name, data]) => told(so, { id: null, name, data: JSON.stringify(data) }), reply);
const token = (text: string, offset: number, node_id = 'answer', attempt = 1): [string, object] => ['token', { node_id, attempt, offset, text }];

describe('an answer that streams', () => {
  it('grows by its words', () => expect(wordsOf(tell(unheard, token('Hel', 0), token('lo', 3)))).toBe('Hello'));

  it('says nothing twice when the stream is taken up again', () =>
    expect(wordsOf(tell(unheard, token('Hel', 0), token('lo', 3), token('Hello wor', 0), token('ld', 9)))).toBe('Hello world'));

  it('begins anew when its step is tried again or another worker takes it up', () => {
    const first = tell(unheard, token('Half an ans', 0));
    expect(wordsOf(tell(first, ['step.started', { node_id: 'answer', attempt: 1 }], token('All', 0)))).toBe('All');
    expect(wordsOf(tell(first, ['message.started', { attempt: 2 }]))).toBe('');
  });

  it('shows the step that spoke last', () => expect(wordsOf(tell(unheard, token('billing', 0, 'sort'), token('Dear', 0, 'answer')))).toBe('Dear'));

  it('shows what its tools were asked and how long they took', () => {
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    const asked = tell(unheard, [
      'step.started',
      { node_id: 'search', path: 'answer[0]', attempt: 1, at: at(0), tool: { name: 'search', arguments: { q: 'x' } } },
    ]);
    expect(asked.tools).toMatchObject([{ tool: 'search', arguments: { q: 'x' }, status: 'running' }]);
    const done = tell(asked, ['step.finished', { node_id: 'search', path: 'answer[0]', attempt: 1, at: at(2), status: 'failed', tool: { name: 'search' } }]);
    expect(done.tools).toMatchObject([{ status: 'failed', duration_ms: 2_000 }]);
  });

  it('waits until something goes on', () => {
    const waiting = tell(unheard, ['message.waiting', { status: 'waiting' }]);
    expect(waiting.waits).toBe(true);
    expect(tell(waiting, token('On', 0)).waits).toBe(false);
  });

  it('ends with what is stored', () => expect(tell(unheard, ['message.finished', { message: { id: 'm' } }]).message).toEqual({ id: 'm' }));

  it('passes over what is no JSON', () => expect(told(unheard, { id: null, name: 'token', data: '{' })).toBe(unheard));
});
