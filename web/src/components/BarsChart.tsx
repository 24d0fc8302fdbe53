import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import type { BarsByTimeProps } from './BarsByTime';

export default function BarsChart({ label, rows, at, series, format, formatAt, height = 240 }: BarsByTimeProps) {
  return (
    <figure aria-label={label} style={{ margin: 0 }}>
      <BarChart
        h={height}
        data={rows}
        dataKey={at}
        series={series}
        type="stacked"
        withLegend={series.length > 1}
        legendProps={{ verticalAlign: 'bottom' }}
        valueFormatter={format}
        xAxisProps={{ tickFormatter: formatAt, minTickGap: 16 }}
        yAxisProps={{ width: 64 }}
        barProps={{ isAnimationActive: false, maxBarSize: 36 }}
        barChartProps={{ accessibilityLayer: false }}
        tooltipAnimationDuration={0}
      />
    </figure>
  );
}
