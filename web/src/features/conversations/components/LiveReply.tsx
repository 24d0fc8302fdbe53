import { Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { LinkButton } from '~/components/LinkButton';
import { LiveSign } from '~/components/LiveSign';
import { Markdown } from '~/components/markdown';
import { useEventStream } from '~/lib/eventStream';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';
import { told, unheard, wordsOf } from '../api/reply';
import type { Message } from '../api/types';
import { ToolLines } from './ToolLines';

const t = strings.conversations;

/** An answer while it is being made. It ends by being read as what is stored. */
export function LiveReply({ message, opened }: { message: Message; opened: Set<number> }) {
  const [reply, setReply] = useState(unheard);
  const state = useEventStream(
    `/v1/conversations/${message.conversation_id}/messages/${message.id}/events`,
    (event) => setReply((before) => told(before, event)),
    (event) => event.name === 'message.finished',
  );
  const isOver = state === 'ended';
  useEffect(() => {
    if (isOver) {
      void refresh('/v1/conversations');
    }
  }, [isOver]);
  const words = wordsOf(reply);
  return (
    <>
      <ToolLines calls={reply.tools} opened={opened} />
      <div aria-live="polite" aria-busy={!isOver}>
        {words ? <Markdown text={words} /> : <Text c="dimmed">{t.thinking}</Text>}
      </div>
      {reply.waits && (
        <Group gap="sm">
          <Text>{t.waitsFor}</Text>
          <LinkButton to="/approvals" size="xs">
            {t.decide}
          </LinkButton>
        </Group>
      )}
      {state === 'broken' && <LiveSign state={state} />}
    </>
  );
}
