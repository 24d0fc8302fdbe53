import { Group, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lookOf } from '~/components/StatusBadge';
import { ago } from '~/lib/format';
import { strings } from '~/lib/strings';
import classes from './RunTicks.module.css';

const t = strings.agents;

/** Runs as a strip of ticks, the oldest first: each by its colour, its height and its name; each leads to its run. */
export function RunTicks({ runs, wrap = 'wrap' }: { runs: readonly { id: string; status: string; queued_at: string }[]; wrap?: 'wrap' | 'nowrap' }) {
  return (
    <Group gap={3} wrap={wrap}>
      {[...runs].reverse().map((run) => (
        <Tooltip key={run.id} label={t.runAs(run.status, ago(run.queued_at))}>
          <Link
            to="/runs/$id"
            params={{ id: run.id }}
            className={classes.tick}
            data-tone={lookOf(run.status).tone}
            aria-label={t.runAs(run.status, ago(run.queued_at))}
          />
        </Tooltip>
      ))}
    </Group>
  );
}

/** How many of those that ended went well; null while none has. */
export function successOf(runs: readonly { status: string }[]) {
  const ended = runs.filter((run) => run.status === 'succeeded' || run.status === 'failed');
  return ended.length === 0 ? null : { of: ended.length, percent: Math.round((ended.filter((run) => run.status === 'succeeded').length / ended.length) * 100) };
}
