import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';

const Chart = lazy(() => import('./BarsChart'));

export interface BarsByTimeProps {
  label: string;
  rows: Record<string, string | number>[];
  /** The member of a row that says when. */
  at: string;
  series: { name: string; label?: string; color: string }[];
  format: (value: number) => string;
  formatAt?: (at: string) => string;
  height?: number;
}

/** Stacked bars over time; the library that draws them comes only when there are some. */
export function BarsByTime(props: BarsByTimeProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 240} />}>
      <Chart {...props} />
    </Suspense>
  );
}
