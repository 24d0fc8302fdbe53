import { Tooltip } from '@mantine/core';
import { ago, moment } from '~/lib/format';
import { strings } from '~/lib/strings';
import { useNow } from '~/lib/useNow';

/** How long ago, or in how long; exactly when one points at it. */
export function Time({ at }: { at: string | null | undefined }) {
  const now = useNow();
  if (!at) {
    return <span>{strings.common.none}</span>;
  }
  return (
    <Tooltip label={moment(at)}>
      <time dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {ago(at, now)}
      </time>
    </Tooltip>
  );
}
