import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { Confirm } from '~/components/Confirm';
import type { RunView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { isOver } from '../api/useLiveRun';

const t = strings.runs;

/** What this run's state allows, and no more. */
export function RunActions({ run, onReplay }: { run: RunView; onReplay: () => void }) {
  const may = useCan('runs:write');
  const navigate = useNavigate();
  const [canceling, cancellation] = useDisclosure();
  const changed = { onSuccess: () => refresh('/v1/runs/{id}'), onError: tellProblem };
  const pause = $api.useMutation('post', '/v1/runs/{id}/pause', changed);
  const resume = $api.useMutation('post', '/v1/runs/{id}/resume', changed);
  const cancel = $api.useMutation('post', '/v1/runs/{id}/cancel', {
    onSuccess: () => {
      cancellation.close();
      tellDone(t.canceling);
      return refresh('/v1/runs/{id}');
    },
    onError: tellProblem,
  });
  const redrive = $api.useMutation('post', '/v1/runs/{id}/redrive', {
    onSuccess: (made) => {
      tellDone(t.replayed);
      void navigate({ to: '/runs/$id', params: { id: made.id } });
    },
    onError: tellProblem,
  });
  if (!may) {
    return null;
  }
  const path = { params: { path: { id: run.id } } };
  const over = isOver(run.status);
  return (
    <>
      {run.status === 'paused' && (
        <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={resume.isPending} onClick={() => resume.mutate(path)}>
          {t.resume}
        </Button>
      )}
      {!over && run.status !== 'paused' && (
        <Button variant="default" leftSection={<IconPlayerPause size={16} aria-hidden />} loading={pause.isPending} onClick={() => pause.mutate(path)}>
          {t.pause}
        </Button>
      )}
      {!over && (
        <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={cancellation.open}>
          {t.cancel}
        </Button>
      )}
      {(run.status === 'failed' || run.status === 'canceled') && (
        <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={redrive.isPending} onClick={() => redrive.mutate(path)}>
          {t.redrive}
        </Button>
      )}
      {over && (
        <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={onReplay}>
          {t.replay}
        </Button>
      )}
      <Confirm
        opened={canceling}
        title={t.cancelRun}
        text={t.cancelText}
        action={t.cancelRun}
        busy={cancel.isPending}
        onClose={cancellation.close}
        onConfirm={() => cancel.mutate({ ...path, body: {} })}
      />
    </>
  );
}
