import { SimpleGrid } from '@mantine/core';
import { Figure } from '~/components/Figure';
import { TextLink } from '~/components/LinkButton';
import type { RunSummary } from '~/generated/api';
import { $api } from '~/lib/client';
import { count, duration, money } from '~/lib/format';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { figures, within } from '../api/stats';

const t = strings.home;
const dayMs = 86_400_000;
const percent = (share: number | null) => (share === null ? strings.common.none : `${Math.round(share * 1000) / 10} %`);
const time = (ms: number | null) => (ms === null ? strings.common.none : duration(ms));

export function HomeFigures({ runs, now }: { runs: RunSummary[]; now: number }) {
  const may = useCan('billing:read');
  const queue = $api.useQuery('get', '/v1/queue', {}, { refetchInterval: 15_000 });
  const today = figures(within(runs, now - dayMs, now + dayMs));
  const before = figures(within(runs, now - 2 * dayMs, now - dayMs));
  return (
    <SimpleGrid cols={{ base: 2, md: may ? 4 : 3 }} spacing="sm">
      <Figure
        label={t.runs}
        value={<TextLink to="/runs">{count(today.runs)}</TextLink>}
        beside={
          <>
            {t.before(count(before.runs))}
            {queue.data && <div>{t.now(queue.data.running, queue.data.queued, queue.data.waiting)}</div>}
          </>
        }
      />
      <Figure label={t.success} value={percent(today.success)} beside={t.before(percent(before.success))} />
      <Figure label={t.median} value={time(today.median)} beside={t.before(time(before.median))} />
      {may && <Cost now={now} />}
    </SimpleGrid>
  );
}

function Cost({ now }: { now: number }) {
  const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
  const [today, yesterday] = [dayOf(now), dayOf(now - dayMs)];
  const usage = $api.useQuery('get', '/v1/usage', { params: { query: { from: yesterday, to: today, group_by: 'day' } } }, { refetchInterval: 30_000 });
  const costOf = (day: string) => {
    const sums = usage.data?.items.filter((item) => item.key === day) ?? [];
    return sums.length > 0 ? sums.map((sum) => money(sum.cost_micros, sum.currency)).join(' + ') : money(0);
  };
  return (
    <Figure
      label={t.cost}
      value={usage.data ? <TextLink to="/usage">{costOf(today)}</TextLink> : strings.common.none}
      beside={usage.data && t.yesterday(costOf(yesterday))}
    />
  );
}
