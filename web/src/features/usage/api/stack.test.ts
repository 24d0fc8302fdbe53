import { describe, expect, it } from 'vitest';
import type { UsageGroup } from '~/generated/api';
import { lastDays, mainCurrency, stack, standing } from './stack';

const group = (key: string, cost_micros: number, tokens = 0): UsageGroup => ({
  day: null,
  key,
  name: key,
  tokens_prompt: tokens,
  tokens_completion: 0,
  tokens_cached: 0,
  tokens_reasoning: 0,
  units: 0,
  api_calls: 1,
  cost_micros,
  currency: 'USD',
});
const nameOf = (item: UsageGroup) => item.name ?? '';

describe('usage by day', () => {
  it('counts days in UTC, the oldest first', () => {
    expect(lastDays(3, new Date('2026-03-01T00:30:00Z'))).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  });

  it('has a row for each day, also one without usage', () => {
    const { rows } = stack(['2026-01-01', '2026-01-02'], [{ day: '2026-01-02', items: [group('a', 2_000_000)] }], nameOf, 'cost', 'others');
    expect(rows).toEqual([{ day: '2026-01-01' }, { day: '2026-01-02', a: 2 }]);
  });

  it('stacks the greatest first and what is left together', () => {
    const items = Array.from({ length: 9 }, (_, at) => group(`g${at}`, (at + 1) * 1_000_000));
    const { rows, series } = stack(['d'], [{ day: 'd', items }], nameOf, 'cost', 'others');
    expect(series.map((entry) => entry.name)).toEqual(['g8', 'g7', 'g6', 'g5', 'g4', 'others']);
    expect(rows[0]?.others).toBe(1 + 2 + 3 + 4);
  });

  it('leaves out who used nothing of what is measured', () => {
    expect(stack(['d'], [{ day: 'd', items: [group('free', 0, 12), group('dear', 5, 1)] }], nameOf, 'cost', 'others').series.map((s) => s.name)).toEqual([
      'dear',
    ]);
  });

  it('shows the currency in which most was spent', () => {
    expect(
      mainCurrency([
        { currency: 'EUR', cost_micros: 1 },
        { currency: 'USD', cost_micros: 5 },
      ]),
    ).toBe('USD');
  });
});

describe('a budget', () => {
  const budget = { spent_micros: 0, held_micros: 0, limit_micros: 100, alert_at_percent: null };

  it('counts what is set aside', () => {
    expect(standing({ ...budget, spent_micros: 60, held_micros: 40 })).toEqual({ percent: 100, spent: 60, held: 40, state: 'over' });
  });

  it('is near its end from its alert on', () => {
    expect(standing({ ...budget, spent_micros: 50, alert_at_percent: 50 }).state).toBe('near');
    expect(standing({ ...budget, spent_micros: 79 }).state).toBe('ok');
  });

  it('of nothing is used up', () => expect(standing({ ...budget, limit_micros: 0 })).toEqual({ percent: 100, spent: 100, held: 0, state: 'over' }));
});
