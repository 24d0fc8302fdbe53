import type { UsageGroup } from '~/generated/api';

export type Measure = 'cost' | 'tokens';

export interface Day {
  day: string;
  items: UsageGroup[];
}

export interface Series {
  name: string;
  color: string;
}

const colors = ['violet.6', 'blue.5', 'teal.6', 'yellow.6', 'orange.6', 'pink.5'];
const rest = 'gray.5';

export const tokensOf = (sum: { tokens_prompt: number; tokens_completion: number }) => sum.tokens_prompt + sum.tokens_completion;

/** Money as a number of units, tokens as they are. */
export const amountOf = (group: UsageGroup, measure: Measure) => (measure === 'cost' ? group.cost_micros / 1_000_000 : tokensOf(group));

/** The currency in which most was spent: amounts of two currencies have no sum. */
export function mainCurrency(sums: readonly { currency: string; cost_micros: number }[]): string {
  return sums.reduce((best, sum) => (sum.cost_micros > best.cost_micros ? sum : best), sums[0] ?? { currency: 'USD', cost_micros: 0 }).currency;
}

/** The last so many days up to today in UTC, as the API counts them, the oldest first. */
export const lastDays = (count: number, today: Date) =>
  Array.from({ length: count }, (_, at) => new Date(today.getTime() - (count - 1 - at) * 86_400_000).toISOString().slice(0, 10));

/** Rows for a stacked chart: the greatest groups of all days each a series, what is left of them together. A day without usage is a row as well. */
export function stack(days: readonly string[], found: readonly Day[], nameOf: (group: UsageGroup) => string, measure: Measure, others: string) {
  const totals = new Map<string, number>();
  for (const group of found.flatMap((day) => day.items)) {
    totals.set(nameOf(group), (totals.get(nameOf(group)) ?? 0) + amountOf(group, measure));
  }
  const names = [...totals].filter(([, amount]) => amount > 0).sort((a, b) => b[1] - a[1]);
  const shown = names.slice(0, names.length > colors.length ? colors.length - 1 : colors.length).map(([name]) => name);
  const series: Series[] = shown.map((name, at) => ({ name, color: colors[at] ?? rest }));
  if (names.length > shown.length) {
    series.push({ name: others, color: rest });
  }
  const byDay = new Map(found.map((day) => [day.day, day.items]));
  const rows = days.map((day) => {
    const row: Record<string, string | number> = { day };
    for (const group of byDay.get(day) ?? []) {
      const name = nameOf(group);
      const key = shown.includes(name) ? name : others;
      row[key] = Number(row[key] ?? 0) + amountOf(group, measure);
    }
    return row;
  });
  return { rows, series };
}

/** A budget's state: what is set aside counts, as it does when a call asks for room. */
export function standing(budget: { spent_micros: number; held_micros: number; limit_micros: number; alert_at_percent: number | null }) {
  const taken = budget.spent_micros + budget.held_micros;
  const share = (part: number) => (budget.limit_micros > 0 ? Math.min(100, (part / budget.limit_micros) * 100) : 100);
  const percent = budget.limit_micros > 0 ? Math.round((taken / budget.limit_micros) * 100) : 100;
  const state: 'ok' | 'near' | 'over' = taken >= budget.limit_micros ? 'over' : percent >= (budget.alert_at_percent ?? 80) ? 'near' : 'ok';
  return { percent, spent: share(budget.spent_micros), held: Math.min(100 - share(budget.spent_micros), share(budget.held_micros)), state };
}
