import { Button, Group, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconMessageCircle, IconPlus, IconSearch } from '@tabler/icons-react';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { LinkButton } from '~/components/LinkButton';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import { useAccount, useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import type { Conversation } from '../api/types';
import { useAgentName } from '../api/useAgentName';
import { useConversations } from '../api/useConversations';
import classes from './Chat.module.css';
import { ConversationMenu } from './ConversationMenu';

const t = strings.conversations;

/** One's conversations, the last spoken in first. */
export function ConversationList() {
  const { q } = useSearch({ from: '/app/chat' });
  const navigate = useNavigate();
  const list = useConversations({ q });
  const may = useCan('conversations:write');
  const later = useDebouncedCallback(
    (next: string) => void navigate({ to: '.', search: (former) => ({ ...former, q: next || undefined }), replace: true }),
    250,
  );
  return (
    <nav className={classes.side} aria-label={t.list}>
      {/* Where there is room, the heading is that of what stands beside the list. */}
      <Title order={1} hiddenFrom="sm">
        {t.title}
      </Title>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          type="search"
          aria-label={t.search}
          placeholder={t.searchHint}
          leftSection={<IconSearch size={14} aria-hidden />}
          defaultValue={q}
          onChange={(event) => later(event.currentTarget.value)}
        />
        {may && (
          <LinkButton to="/chat" search={{ q, begin: true }} leftSection={<IconPlus size={16} aria-hidden />}>
            {t.begin}
          </LinkButton>
        )}
      </Group>
      <div className={classes.list}>
        <Answered query={list}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty icon={<IconMessageCircle size={32} aria-hidden />} title={q ? t.noneFound : t.none} text={q ? undefined : t.noneText} />
            ) : (
              <>
                {rows.map((row) => (
                  <Item key={row.id} conversation={row} q={q} />
                ))}
                {list.more && (
                  <Button variant="default" size="xs" fullWidth onClick={list.more.load} loading={list.more.busy}>
                    {strings.common.more}
                  </Button>
                )}
              </>
            )
          }
        </Answered>
      </div>
    </nav>
  );
}

function Item({ conversation, q }: { conversation: Conversation; q: string | undefined }) {
  const { id: open } = useParams({ strict: false });
  const { user } = useAccount();
  const may = useCan('conversations:write') && conversation.user_id === user.id;
  const nameOf = useAgentName();
  const isOpen = open === conversation.id;
  return (
    <div className={classes.item} data-active={isOpen || undefined}>
      <Link to="/chat/$id" params={{ id: conversation.id }} search={{ q }} aria-current={isOpen ? 'page' : undefined}>
        <Text truncate fw={500}>
          {conversation.title ?? t.untitled}
        </Text>
        <Text size="sm" c="dimmed" truncate component="div">
          {conversation.match ?? (
            <>
              {nameOf(conversation)} · <Time at={conversation.last_message_at} />
            </>
          )}
        </Text>
      </Link>
      {may && <ConversationMenu conversation={conversation} />}
    </div>
  );
}
