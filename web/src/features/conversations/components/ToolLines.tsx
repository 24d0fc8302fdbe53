import { Box, Code, Text } from '@mantine/core';
import { JsonView } from '~/components/JsonView';
import { StatusBadge } from '~/components/StatusBadge';
import { duration } from '~/lib/format';
import { strings } from '~/lib/strings';
import type { ToolCall } from '../api/types';
import classes from './Chat.module.css';

const t = strings.conversations;

interface ToolLinesProps {
  calls: readonly ToolCall[];
  /** Places of those that are open; kept by whoever outlives the change from an answer that is made to one that is there. */
  opened: Set<number>;
}

/** What the agent did on the way to its answer: a quiet line each, which opens. */
export function ToolLines({ calls, opened }: ToolLinesProps) {
  return calls.length === 0 ? null : (
    <Box role="group" aria-label={t.tools}>
      {calls.map((call, place) => (
        <details
          key={call.id}
          className={classes.tool}
          open={opened.has(place)}
          onToggle={(event) => (event.currentTarget.open ? opened.add(place) : opened.delete(place))}
        >
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
