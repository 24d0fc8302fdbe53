import { describe, expect, it } from 'vitest';
import type { RunSummary } from '~/generated/api';
import { failures, figures, hours, within } from './stats';

const now = new Date('2026-05-01T12:30:00Z').getTime();

const run = (status: string, minutesAgo: number, ms: number | null = 1_000, more: Partial<RunSummary> = {}): RunSummary => {
  const start = now - minutesAgo * 60_000;
  return {
    id: `${status}-${minutesAgo}`,
    agent_id: 'a',
    status,
    queued_at: new Date(start).toISOString(),
    started_at: new Date(start).toISOString(),
    finished_at: ms === null ? null : new Date(start + ms).toISOString(),
    error: null,
    ...more,
  } as RunSummary;
};

describe('figures', () => {
  it('count what ended well among what ended', () => {
    expect(figures([run('succeeded', 1), run('failed', 1), run('canceled', 1), run('running', 1, null)]).success).toBe(0.5);
  });

  it('know nothing of no runs', () => expect(figures([])).toEqual({ runs: 0, success: null, median: null }));

  it('take the middle of an even number between the two', () => {
    expect(figures([run('succeeded', 1, 100), run('succeeded', 1, 300)]).median).toBe(200);
    expect(figures([run('succeeded', 1, 900), run('succeeded', 1, 100), run('succeeded', 1, 300)]).median).toBe(300);
  });

  it('are of a span whose end is not in it', () => {
    expect(within([run('succeeded', 60), run('succeeded', 30)], now - 60 * 60_000, now - 30 * 60_000)).toHaveLength(1);
  });
});

describe('runs per hour', () => {
  it('have a row for each hour, the present one last', () => {
    const rows = hours([run('succeeded', 5), run('waiting', 6, null), run('failed', 45), run('failed', 60 * 48)], now, 2);
    expect(rows).toEqual([
      { hour: '2026-05-01T11:00:00.000Z', failed: 1 },
      { hour: '2026-05-01T12:00:00.000Z', succeeded: 1, open: 1 },
    ]);
  });
});

describe('failures', () => {
  it('are grouped by agent and error, the most frequent first', () => {
    const error = { code: 'budget_exceeded' };
    const found = failures([
      run('failed', 1, 1, { agent_id: 'b', error: { code: 'x' } }),
      run('failed', 2, 1, { error }),
      run('failed', 3, 1, { error }),
      run('succeeded', 4),
    ]);
    expect(found.map(({ agentId, code, count, latest }) => [agentId, code, count, latest.id])).toEqual([
      ['a', 'budget_exceeded', 2, 'failed-2'],
      ['b', 'x', 1, 'failed-1'],
    ]);
  });
});
