import { Box, Code, Text } from '@mantine/core';
import { JsonView } from '~/components/JsonView';
import { StatusBadge } from '~/components/StatusBadge';
import { duration } from '~/lib/format';
import { strings } from '~/lib/strings';
import type { ToolCall } from '../api/types';
import classes from './Chat.module.css';

const t = strings.conversations;

/** What the agent did on the way to its answer: a quiet line each, which opens. */
export function ToolLines({ calls }: { calls: readonly ToolCall[] }) {
  return calls.length === 0 ? null : (
    <Box role="group" aria-label={t.tools}>
      {calls.map((call) => (
        <details key={call.id} className={classes.tool}>
          <summary>
            <Code>{call.tool}</Code> <StatusBadge status={call.status} /> {call.duration_ms !== null && duration(call.duration_ms)}
          </summary>
          <JsonView label={t.toolInput} value={call.arguments ?? null} height={160} />
          {call.result_excerpt && (
            <>
              <Text size="sm" fw={600}>
                {t.toolOutput}
              </Text>
              <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                {call.result_excerpt}
              </Code>
            </>
          )}
        </details>
      ))}
    </Box>
  );
}
