import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { onDemand } from '~/components/onDemand';
import type { RunView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';

const RatingDialog = onDemand(() => import('~/components/RatingDialog').then((file) => file.RatingDialog));

const t = strings.interactions;

/** How good a run was: each run of one's own has an interaction under its id, which keeps it. */
export function RateRun({ run, title }: { run: RunView; title: string }) {
  const may = useCan('conversations:write');
  const [open, dialog] = useDisclosure();
  const path = { params: { path: { id: run.id } } };
  const found = $api.useQuery('get', '/v1/interactions/{id}', path, { enabled: may });
  const change = $api.useMutation('patch', '/v1/interactions/{id}', {
    onSuccess: () => {
      tellDone(t.saved);
      dialog.close();
      return refresh('/v1/interactions');
    },
    onError: tellProblem,
  });
  if (!found.data) {
    return null;
  }
  const stars = found.data.satisfaction ?? found.data.usefulness;
  return (
    <>
      <Button variant="default" leftSection={stars ? <IconStarFilled size={16} aria-hidden /> : <IconStar size={16} aria-hidden />} onClick={dialog.open}>
        {stars ? t.of5(stars) : t.rate}
      </Button>
      {open && (
        <RatingDialog
          title={t.rateOf(title)}
          rating={found.data}
          busy={change.isPending}
          onClose={dialog.close}
          onSave={(body) => change.mutate({ ...path, body })}
        />
      )}
    </>
  );
}
