import { useMemo } from 'react';
import { type Group, useUsage } from './useUsage';

/** Each day's groups, of the days that have any. */
export function useDays(from: string, to: string, group: Group) {
  const { data: report, ...query } = useUsage(from, to, `day,${group}`);
  const data = useMemo(() => report && [...Map.groupBy(report.items, (item) => item.day ?? '')].map(([day, items]) => ({ day, items })), [report]);
  return { ...query, data };
}
