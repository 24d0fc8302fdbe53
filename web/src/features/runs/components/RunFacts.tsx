import { Group, Text } from '@mantine/core';
import { Id } from '~/components/Copy';
import { TextLink } from '~/components/LinkButton';
import { Time } from '~/components/Time';
import type { RunView } from '~/generated/api';
import { between, duration, money, shortId } from '~/lib/format';
import { strings } from '~/lib/strings';
import { useNow } from '~/lib/useNow';
import { sourceOf } from '../api/source';
import { isOver } from '../api/useLiveRun';

const t = strings.runs;

/** What one wants to know of a run at first glance, in one line. */
export function RunFacts({ run, version }: { run: RunView; version: string | undefined }) {
  const now = useNow(isOver(run.status) ? 60_000 : 500);
  const took = between(run.started_at, run.finished_at, now);
  return (
    <Group gap="md" c="dimmed">
      <Id id={run.id} />
      <span>
        {t.trigger}: {sourceOf(run)}
      </span>
      <Time at={run.queued_at} />
      {took !== null && <span>{duration(took)}</span>}
      <span>{t.progress(run.steps_completed, run.steps_total)}</span>
      {run.cost_micros > 0 && <span>{money(run.cost_micros)}</span>}
      {version && (
        <span>
          {t.facts.version} {version}
        </span>
      )}
      {run.attempt > 1 && <span>{t.facts.attempt(run.attempt)}</span>}
      {run.queue_position !== null && run.status === 'queued' && <span>{t.facts.queuePosition(run.queue_position)}</span>}
      {run.replay_of_run_id && <RunLink label={t.facts.replayOf} id={run.replay_of_run_id} />}
      {run.parent_run_id && <RunLink label={t.facts.partOf} id={run.parent_run_id} />}
    </Group>
  );
}

function RunLink({ label, id }: { label: string; id: string }) {
  return (
    <Text component="span">
      {label}{' '}
      <TextLink to="/runs/$id" params={{ id }}>
        {shortId(id)}
      </TextLink>
    </Text>
  );
}
