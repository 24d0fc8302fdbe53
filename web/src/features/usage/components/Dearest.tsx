import { Card, Progress, Stack, Title } from '@mantine/core';
import { DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/LinkButton';
import { Answered } from '~/components/states';
import type { UsageGroup } from '~/generated/api';
import { count, money } from '~/lib/format';
import { strings } from '~/lib/strings';
import { tokensOf } from '../api/stack';
import { useNames } from '../api/useNames';
import { type Group, useUsage } from '../api/useUsage';

const t = strings.usage;

/** The ten that cost most; each figure leads to the entries that it is made of. */
export function Dearest({ from, to, by }: { from: string; to: string; by: Group }) {
  const usage = useUsage(from, to, by);
  const nameOf = useNames(by);
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={2}>{t.dearest[by]}</Title>
        <Answered query={usage}>
          {(report) => {
            const rows = [...report.items].sort((a, b) => b.cost_micros - a.cost_micros || tokensOf(b) - tokensOf(a)).slice(0, 10);
            const most = Math.max(1, ...rows.map((row) => row.cost_micros));
            return (
              <DataTable<UsageGroup>
                label={t.dearest[by]}
                rows={rows}
                keyOf={(row) => `${row.key} ${row.currency}`}
                columns={[
                  { id: 'name', title: t.groups[by], cell: nameOf },
                  {
                    id: 'share',
                    title: t.share,
                    secondary: true,
                    cell: (row) => (
                      <Progress value={(row.cost_micros / most) * 100} w={120} aria-label={`${nameOf(row)}: ${money(row.cost_micros, row.currency)}`} />
                    ),
                  },
                  { id: 'calls', title: t.calls, secondary: true, align: 'right', cell: (row) => count(row.api_calls) },
                  { id: 'tokens', title: t.tokens, align: 'right', cell: (row) => count(tokensOf(row)) },
                  {
                    id: 'cost',
                    title: t.cost,
                    align: 'right',
                    cell: (row) =>
                      row.key ? (
                        <TextLink
                          to="/usage/ledger"
                          search={{ since: from, until: to, [by]: row.key }}
                          aria-label={t.entriesOf(money(row.cost_micros, row.currency), nameOf(row))}
                        >
                          {money(row.cost_micros, row.currency)}
                        </TextLink>
                      ) : (
                        money(row.cost_micros, row.currency)
                      ),
                  },
                ]}
              />
            );
          }}
        </Answered>
      </Stack>
    </Card>
  );
}
