import { Alert, Card, Group, SegmentedControl, SimpleGrid, Stack, Title } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { BarsByTime } from '~/components/BarsByTime';
import { Figure } from '~/components/Figure';
import { LinkButton, TextLink } from '~/components/LinkButton';
import { Page } from '~/components/Page';
import { Answered, Empty } from '~/components/states';
import type { UsageReport, UsageSum } from '~/generated/api';
import { count, money } from '~/lib/format';
import { strings } from '~/lib/strings';
import { lastDays, mainCurrency, stack, tokensOf } from '../api/stack';
import { useDays } from '../api/useDays';
import { useNames } from '../api/useNames';
import { groups, useUsage } from '../api/useUsage';
import { Budgets } from '../components/Budgets';
import { Dearest } from '../components/Dearest';

const t = strings.usage;
const spans = ['7', '14', '30'] as const;

export function UsagePage() {
  const { days: span = 14, by = 'agent', measure = 'cost' } = useSearch({ from: '/app/usage' });
  const navigate = useNavigate({ from: '/usage' });
  const set = (change: object) => void navigate({ search: (former) => ({ ...former, ...change }), replace: true });
  const days = lastDays(span, new Date());
  const from = days[0] ?? '';
  const to = days.at(-1) ?? '';
  const daily = useUsage(from, to, 'day');
  return (
    <Page
      title={t.title}
      text={t.text}
      actions={
        <SegmentedControl
          aria-label={t.span}
          value={String(span)}
          onChange={(next) => set({ days: Number(next) })}
          data={spans.map((value) => ({ value, label: t.spans[value] }))}
        />
      }
    >
      <Answered query={daily} lines={8}>
        {(report) =>
          report.items.length === 0 ? (
            <Empty
              icon={<IconChartBar size={40} aria-hidden />}
              title={t.empty}
              text={t.emptyText}
              action={<LinkButton to="/agents">{t.toAgents}</LinkButton>}
            />
          ) : (
            <Stack>
              <Figures report={report} days={days} />
              {report.unknown.calls > 0 && (
                <Alert color="orange" variant="outline">
                  {t.unknown(report.unknown.calls, money(report.unknown.micros_at_most, mainCurrency(report.totals)))}
                </Alert>
              )}
              <Card withBorder>
                <Stack gap="sm">
                  <Group justify="space-between">
                    <Title order={2}>{t.chart[measure]}</Title>
                    <Group gap="xs">
                      <SegmentedControl
                        size="xs"
                        aria-label={t.by}
                        value={by}
                        onChange={(next) => set({ by: next })}
                        data={groups.map((value) => ({ value, label: t.groups[value] }))}
                      />
                      <SegmentedControl
                        size="xs"
                        aria-label={t.measure}
                        value={measure}
                        onChange={(next) => set({ measure: next })}
                        data={(['cost', 'tokens'] as const).map((value) => ({ value, label: t.measures[value] }))}
                      />
                    </Group>
                  </Group>
                  <Chart report={report} days={days} by={by} measure={measure} />
                </Stack>
              </Card>
              <Dearest from={from} to={to} by={by} />
            </Stack>
          )
        }
      </Answered>
      <Budgets />
    </Page>
  );
}

function Chart({ report, days, by, measure }: { report: UsageReport; days: string[]; by: (typeof groups)[number]; measure: 'cost' | 'tokens' }) {
  const found = useDays(days[0] ?? '', days.at(-1) ?? '', by);
  const nameOf = useNames(by);
  const currency = mainCurrency(report.totals);
  const others = report.totals.filter((sum) => sum.currency !== currency);
  return (
    <Answered query={found} lines={6}>
      {(reports) => {
        const own = reports.map(({ day, items }) => ({ day, items: measure === 'cost' ? items.filter((item) => item.currency === currency) : items }));
        const { rows, series } = stack(days, own, nameOf, measure, t.others);
        return (
          <>
            <BarsByTime
              label={t.chart[measure]}
              rows={rows}
              at="day"
              series={series}
              format={(value) => (measure === 'cost' ? money(value * 1_000_000, currency) : count(value))}
              formatAt={(day) => day.slice(5)}
            />
            {measure === 'cost' && others.length > 0 && (
              <Alert variant="outline">{t.currencies(currency, others.map((sum) => money(sum.cost_micros, sum.currency)).join(', '))}</Alert>
            )}
          </>
        );
      }}
    </Answered>
  );
}

const none: Omit<UsageSum, 'currency'> = {
  tokens_prompt: 0,
  tokens_completion: 0,
  tokens_cached: 0,
  tokens_reasoning: 0,
  units: 0,
  api_calls: 0,
  cost_micros: 0,
};

/** Today against yesterday, and the whole span. */
function Figures({ report, days }: { report: UsageReport; days: string[] }) {
  const currency = mainCurrency(report.totals);
  const of = (day: string | undefined) => report.items.find((item) => item.key === day && item.currency === currency) ?? none;
  const [today, yesterday] = [of(days.at(-1)), of(days.at(-2))];
  const total = report.totals.find((sum) => sum.currency === currency) ?? none;
  const ledger = (since: string | undefined, text: string) => (
    <TextLink to="/usage/ledger" search={{ since, until: days.at(-1) }}>
      {text}
    </TextLink>
  );
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <Figure
        label={`${t.today} · ${t.cost}`}
        value={ledger(days.at(-1), money(today.cost_micros, currency))}
        beside={t.yesterday(money(yesterday.cost_micros, currency))}
      />
      <Figure label={`${t.today} · ${t.tokens}`} value={count(tokensOf(today))} beside={t.yesterday(count(tokensOf(yesterday)))} />
      <Figure label={`${t.today} · ${t.calls}`} value={count(today.api_calls)} beside={t.yesterday(count(yesterday.api_calls))} />
      <Figure
        label={t.span_total(days.length)}
        value={ledger(days[0], money(total.cost_micros, currency))}
        beside={`${count(tokensOf(total))} ${t.tokens.toLowerCase()} · ${count(total.api_calls)} ${t.calls.toLowerCase()}`}
      />
    </SimpleGrid>
  );
}
