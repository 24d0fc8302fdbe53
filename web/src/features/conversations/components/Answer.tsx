import { ActionIcon, Alert, Badge, Code, Group, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRefresh, IconStar, IconStarFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyIcon } from '~/components/Copy';
import { TextLink } from '~/components/LinkButton';
import { Markdown } from '~/components/markdown';
import { onDemand } from '~/components/onDemand';
import { count, duration, money } from '~/lib/format';
import { strings } from '~/lib/strings';
import { errorOf, isOpen, type Message, toolsOf } from '../api/types';
import { useRegenerate } from '../api/useAgain';
import { useRate } from '../api/useRate';
import classes from './Chat.module.css';
import { LiveReply } from './LiveReply';
import { ToolLines } from './ToolLines';

const RatingDialog = onDemand(() => import('~/components/RatingDialog').then((file) => file.RatingDialog));

const t = strings.conversations;

interface AnswerProps {
  message: Message;
  agent: string;
  mayWrite: boolean;
  isLast: boolean;
  /** Whether this is the one that is watched: of those that wait, the first. */
  isNext: boolean;
}

/** What an agent said: as it is being made, as it is, or why there is none. */
export function Answer({ message, agent, mayWrite, isLast, isNext }: AnswerProps) {
  const [opened] = useState(() => new Set<number>());
  return (
    <article className={classes.message} data-replaced={message.superseded_at ?? undefined} data-last={isLast || undefined}>
      <VisuallyHidden component="h2">{t.agentSaid(agent)}</VisuallyHidden>
      {isOpen(message) ? (
        isNext ? (
          <LiveReply key={message.id} message={message} opened={opened} />
        ) : (
          <Text c="dimmed">{t.inTurn}</Text>
        )
      ) : (
        <>
          <ToolLines calls={toolsOf(message)} opened={opened} />
          {message.content && <Markdown text={message.content} />}
          {message.is_truncated && <Text c="dimmed">{t.cut}</Text>}
          {message.status === 'canceled' && <Text c="dimmed">{t.stopped}</Text>}
          {message.status === 'failed' && <Failure message={message} />}
          <Facts message={message} mayWrite={mayWrite} isLast={isLast} />
        </>
      )}
    </article>
  );
}

function Failure({ message }: { message: Message }) {
  const error = errorOf(message);
  return (
    <Alert color="red" variant="outline" title={error?.message ?? t.failed} role="alert">
      <Group gap="sm">
        {error?.code && <Code>{error.code}</Code>}
        {message.run_id && (
          <TextLink to="/runs/$id" params={{ id: message.run_id }} search={{ step: error?.node ?? undefined }}>
            {t.toRun}
          </TextLink>
        )}
      </Group>
    </Alert>
  );
}

/** What it took, and what one can do with it. */
function Facts({ message, mayWrite, isLast }: { message: Message; mayWrite: boolean; isLast: boolean }) {
  const [rating, rate] = useDisclosure();
  const again = useRegenerate();
  const keep = useRate(rate.close);
  const path = { id: message.conversation_id, message_id: message.id };
  const tokens = message.input_tokens + message.output_tokens;
  const isRated = message.satisfaction !== null || message.usefulness !== null;
  return (
    <Group gap={4} className={classes.actions} c="dimmed" fz="sm" pt={4}>
      {message.superseded_at && (
        <Badge variant="default" tt="none">
          {t.replaced}
        </Badge>
      )}
      <CopyIcon value={message.content} label={t.copy} />
      {mayWrite && isLast && (
        <Tooltip label={t.again}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            loading={again.isPending}
            aria-label={t.again}
            onClick={() => again.mutate({ params: { path }, body: { wait: false } })}
          >
            <IconRefresh size={14} />
          </ActionIcon>
        </Tooltip>
      )}
      {mayWrite && message.status === 'succeeded' && (
        <Tooltip label={t.rate}>
          <ActionIcon variant="subtle" color={isRated ? 'yellow.8' : 'gray'} size="sm" onClick={rate.open} aria-label={t.rate} aria-pressed={isRated}>
            {isRated ? <IconStarFilled size={14} /> : <IconStar size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
      {message.run_id && (
        <TextLink to="/runs/$id" params={{ id: message.run_id }} fz="sm">
          {t.toRun}
        </TextLink>
      )}
      {message.model && <span>{message.model}</span>}
      {message.cost_micros > 0 && <span>· {money(message.cost_micros)}</span>}
      {tokens > 0 && <span>· {t.tokens(count(tokens))}</span>}
      {message.latency_ms !== null && <span>· {duration(message.latency_ms)}</span>}
      {rating && (
        <RatingDialog title={t.rate} rating={message} busy={keep.isPending} onClose={rate.close} onSave={(body) => keep.mutate({ params: { path }, body })} />
      )}
    </Group>
  );
}
