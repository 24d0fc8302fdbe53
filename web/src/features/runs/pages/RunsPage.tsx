import { Text } from '@mantine/core';
import { useThrottledCallback } from '@mantine/hooks';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { DataTable } from '~/components/DataTable';
import { LinkButton, TextLink } from '~/components/LinkButton';
import { LiveSign } from '~/components/LiveSign';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { RunSummary } from '~/generated/api';
import { useAgents } from '~/lib/agents';
import { useEventStream } from '~/lib/eventStream';
import { between, duration, money, shortId } from '~/lib/format';
import { strings } from '~/lib/strings';
import { useIdle } from '~/lib/useIdle';
import { useNow } from '~/lib/useNow';
import { getReady } from '../api/readAhead';
import { sourceOf } from '../api/source';
import { useRuns } from '../api/useRuns';
import { BulkMenu } from '../components/BulkMenu';
import { RunFilters } from '../components/RunFilters';

const t = strings.runs;

export function RunsPage() {
  const filter = useSearch({ from: '/app/runs' });
  const runs = useRuns(filter);
  const { nameOf } = useAgents();
  const now = useNow(1_000);
  const again = useThrottledCallback(() => void runs.refetch(), 1_500);
  const stream = useEventStream('/v1/runs/events', again);
  const isFiltered = Object.keys(filter).length > 0;
  const isIdle = useIdle();
  useEffect(() => {
    if (isIdle) {
      getReady();
    }
  }, [isIdle]);
  return (
    <Page title={t.title} text={t.text} beside={<LiveSign state={stream} />} actions={<BulkMenu filter={filter} />}>
      <RunFilters filter={filter} />
      <Answered query={runs} lines={10}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty
              icon={<IconPlayerPlay size={40} aria-hidden />}
              title={isFiltered ? t.emptyFiltered : t.empty}
              text={isFiltered ? undefined : t.emptyText}
              action={isFiltered ? undefined : <LinkButton to="/agents">{t.toAgents}</LinkButton>}
            />
          ) : (
            <DataTable<RunSummary>
              label={t.title}
              rows={rows}
              keyOf={(row) => row.id}
              more={runs.more}
              columns={[
                { id: 'status', title: t.status, cell: (row) => <StatusBadge status={row.status} /> },
                {
                  id: 'agent',
                  title: t.agent,
                  cell: (row) => (
                    <TextLink to="/runs/$id" params={{ id: row.id }}>
                      {nameOf(row.agent_id) ?? row.agent_slug ?? shortId(row.agent_id)}{' '}
                      <Text span size="xs" c="dimmed">
                        {shortId(row.id)}
                      </Text>
                    </TextLink>
                  ),
                },
                { id: 'source', title: t.trigger, secondary: true, cell: sourceOf },
                { id: 'queued', title: t.queued, cell: (row) => <Time at={row.queued_at} /> },
                { id: 'duration', title: t.duration, secondary: true, align: 'right', cell: (row) => durationOf(row, now) },
                { id: 'steps', title: t.steps, secondary: true, align: 'right', cell: (row) => `${row.steps_completed}/${row.steps_total}` },
                {
                  id: 'cost',
                  title: t.cost,
                  secondary: true,
                  align: 'right',
                  cell: (row) => (row.cost_micros > 0 ? money(row.cost_micros) : strings.common.none),
                },
              ]}
            />
          )
        }
      </Answered>
    </Page>
  );
}

function durationOf(run: RunSummary, now: number) {
  const ms = between(run.started_at, run.finished_at, now);
  return ms === null ? strings.common.none : duration(ms);
}
