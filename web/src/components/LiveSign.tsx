import { Badge, Tooltip } from '@mantine/core';
import { IconBolt, IconPlugConnectedX } from '@tabler/icons-react';
import type { StreamState } from '~/lib/eventStream';
import { strings } from '~/lib/strings';

const t = strings.runs;

/** Whether what is shown is still what is. */
export function LiveSign({ state }: { state: StreamState }) {
  if (state === 'ended') {
    return null;
  }
  const isBroken = state === 'broken';
  return (
    <Tooltip label={isBroken ? t.reconnecting : t.liveHint}>
      <Badge
        variant="default"
        tt="none"
        role="status"
        leftSection={isBroken ? <IconPlugConnectedX size={12} aria-hidden /> : <IconBolt size={12} aria-hidden />}
        c={isBroken ? 'var(--state-waiting)' : 'var(--state-succeeded)'}
      >
        {isBroken ? t.reconnecting : state === 'live' ? t.live : t.connecting}
      </Badge>
    </Tooltip>
  );
}
