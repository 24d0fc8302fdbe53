import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { Confirm } from '~/components/Confirm';
import { $api } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { asked, type RunFilter } from '../api/useRuns';

const t = strings.runs;

/** Cancels or replays all runs that fit the filter. */
export function BulkMenu({ filter }: { filter: RunFilter }) {
  const may = useCan('runs:write');
  const [action, setAction] = useState<'cancel' | 'replay' | null>(null);
  const done = {
    onSuccess: () => {
      setAction(null);
      tellDone(t.bulkStarted);
      return refresh('/v1/runs');
    },
    onError: tellProblem,
  };
  const cancel = $api.useMutation('post', '/v1/runs/bulk/cancel', done);
  const replay = $api.useMutation('post', '/v1/runs/bulk/replay', done);
  if (!may) {
    return null;
  }
  const unfiltered = Object.keys(filter).length === 0;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            {t.bulk}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {unfiltered && <Menu.Label maw={260}>{t.bulkNeedsFilter}</Menu.Label>}
          <Menu.Item disabled={unfiltered} onClick={() => setAction('cancel')}>
            {t.bulkCancel}
          </Menu.Item>
          <Menu.Item disabled={unfiltered} onClick={() => setAction('replay')}>
            {t.bulkReplay}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={action !== null}
        title={action === 'cancel' ? t.bulkCancel : t.bulkReplay}
        text={action === 'cancel' ? t.bulkCancelText : t.bulkReplayText}
        action={t.bulkConfirm[action ?? 'cancel']}
        busy={cancel.isPending || replay.isPending}
        onClose={() => setAction(null)}
        onConfirm={() => (action === 'cancel' ? cancel : replay).mutate({ body: { filter: asked(filter) } })}
      />
    </>
  );
}
