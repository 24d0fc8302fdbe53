import { afterEach, describe, expect, it, vi } from 'vitest';
import { EventParser, type StreamEvent, watch } from './eventStream';

describe('the parser', () => {
  it('reads an event however it is cut', () => {
    const text = 'id: 1.2\nevent: step.finished\ndata: {"a":1}\n\n: still here\n\nevent: token\ndata: x\n\n';
    for (let cut = 0; cut <= text.length; cut++) {
      const parser = new EventParser();
      const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))];
      expect(events).toEqual([
        { id: '1.2', name: 'step.finished', data: '{"a":1}' },
        { id: null, name: 'token', data: 'x' },
      ]);
    }
  });

  it('keeps what is not whole yet', () => {
    const parser = new EventParser();
    expect(parser.push('id: 1.1\nevent: run.started\ndata: {')).toEqual([]);
    expect(parser.push('}\n\n')).toEqual([{ id: '1.1', name: 'run.started', data: '{}' }]);
  });
});

describe('a watched stream', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('goes on after the last event that was seen when it breaks', async () => {
    vi.useFakeTimers();
    const asked: (string | null)[] = [];
    const answers = ['id: 1.1\nevent: run.started\ndata: {}\n\nid: 1.2\nevent: step.started\ndata: {}\n\n', 'id: 1.9\nevent: run.finished\ndata: {}\n\n'];
    vi.stubGlobal('fetch', (_: string, { headers }: { headers: Record<string, string> }) => {
      asked.push(headers['Last-Event-ID'] ?? null);
      return Promise.resolve(new Response(answers.shift()));
    });
    const seen: StreamEvent[] = [];
    const states: string[] = [];
    const watching = watch({
      url: '/v1/runs/1/events',
      onEvent: (event) => seen.push(event),
      onState: (state) => states.push(state),
      isLast: (event) => event.name === 'run.finished',
      signal: new AbortController().signal,
    });
    await vi.runAllTimersAsync();
    await watching;
    expect(asked).toEqual([null, '1.2']);
    expect(seen.map((event) => event.name)).toEqual(['run.started', 'step.started', 'run.finished']);
    expect(states).toEqual(['connecting', 'live', 'broken', 'live', 'ended']);
  });

  it('ends where nobody may look', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 404 })));
    const states: string[] = [];
    await watch({ url: '/x', onEvent: () => {}, onState: (state) => states.push(state), signal: new AbortController().signal });
    expect(states).toEqual(['connecting', 'ended']);
  });
});
