import { ActionIcon, Button, Center, Group, Menu, Text, Title, Tooltip } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { TextLink } from '~/components/LinkButton';
import { Answered } from '~/components/states';
import { tellProblem } from '~/lib/notify';
import { useAccount, useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useTitle } from '~/lib/useTitle';
import { type Conversation, isOpen, type Message } from '../api/types';
import { useStop } from '../api/useAgain';
import { useAgentName } from '../api/useAgentName';
import { useConversation } from '../api/useConversation';
import { useMessages } from '../api/useMessages';
import { useSay } from '../api/useSay';
import { Answer } from '../components/Answer';
import { BackToList } from '../components/BackToList';
import classes from '../components/Chat.module.css';
import { Composer } from '../components/Composer';
import { ConversationMenu } from '../components/ConversationMenu';
import { Question } from '../components/Question';
import { useAtEnd } from '../components/useAtEnd';

const t = strings.conversations;

export function ChatPage() {
  const { id } = useParams({ from: '/app/chat/$id' });
  const conversation = useConversation(id);
  return (
    <section className={classes.talk} aria-label={conversation.data?.title ?? t.title}>
      <Answered query={conversation} lines={8}>
        {(found) => <Talk key={id} conversation={found} />}
      </Answered>
    </section>
  );
}

function Talk({ conversation }: { conversation: Conversation }) {
  const { id } = conversation;
  const { user } = useAccount();
  const may = useCan('conversations:write');
  const nameOf = useAgentName();
  const isMine = conversation.user_id === user.id;
  const isActive = conversation.status === 'active';
  const say = useSay(id);
  const stop = useStop();
  useTitle(conversation.title ?? t.untitled);
  return (
    <>
      <Header conversation={conversation} mayChange={may && isMine} />
      <Log conversation={conversation} saying={say.isPending ? say.variables.content : null} mayWrite={may && isMine && isActive} />
      {!isMine ? (
        <Text c="dimmed" ta="center">
          {t.foreign}
        </Text>
      ) : !isActive ? (
        <Text c="dimmed" ta="center">
          {t.finished}
        </Text>
      ) : (
        may && (
          <Composer
            draft={id}
            label={t.writeTo(nameOf(conversation))}
            busy={say.isPending}
            onStop={conversation.pending_count > 0 ? () => stop.mutate({ params: { path: { id } } }) : undefined}
            onSay={(saying) =>
              say.mutateAsync(saying).then(
                () => true,
                (error: unknown) => {
                  tellProblem(error);
                  return false;
                },
              )
            }
          />
        )
      )}
    </>
  );
}

function Header({ conversation, mayChange }: { conversation: Conversation; mayChange: boolean }) {
  const { replaced } = useSearch({ from: '/app/chat' });
  const navigate = useNavigate({ from: '/chat/$id' });
  const nameOf = useAgentName();
  return (
    <div>
      <BackToList />
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Title order={1} lineClamp={1}>
            {conversation.title ?? t.untitled}
          </Title>
          <TextLink to="/agents/$agent" params={{ agent: conversation.agent_slug ?? conversation.agent_id }} c="dimmed" fz="sm">
            {nameOf(conversation)}
          </TextLink>
        </div>
        {mayChange && (
          <ConversationMenu conversation={conversation}>
            <Menu.Item onClick={() => void navigate({ search: (former) => ({ ...former, replaced: replaced ? undefined : true }), replace: true })}>
              {replaced ? t.hideReplaced : t.showReplaced}
            </Menu.Item>
          </ConversationMenu>
        )}
      </Group>
    </div>
  );
}

interface LogProps {
  conversation: Conversation;
  /** What is on its way and not stored yet. */
  saying: string | null;
  mayWrite: boolean;
}

function Log({ conversation, saying, mayWrite }: LogProps) {
  const nameOf = useAgentName();
  const { replaced = false } = useSearch({ from: '/app/chat' });
  const messages = useMessages(conversation.id, replaced, conversation.pending_count > 0);
  const { scroll, content, atEnd, toEnd } = useAtEnd();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className={classes.log} ref={scroll} aria-label={t.messages} tabIndex={0}>
      <div className={classes.messages} ref={content}>
        <Answered query={messages} lines={6}>
          {(found) => (
            <>
              {messages.more && (
                <Center>
                  <Button variant="default" size="xs" onClick={messages.more.load} loading={messages.more.busy}>
                    {t.earlier}
                  </Button>
                </Center>
              )}
              {found.length === 0 && !saying && (
                <Text c="dimmed" ta="center">
                  {t.nothingSaid}
                </Text>
              )}
              <Messages messages={[...found].reverse()} agent={nameOf(conversation)} mayWrite={mayWrite} />
            </>
          )}
        </Answered>
        {saying && (
          <div className={classes.mine}>
            <div className={classes.bubble}>{saying}</div>
          </div>
        )}
      </div>
      {!atEnd && (
        <Tooltip label={t.scrollDown}>
          <ActionIcon variant="default" radius="xl" size="lg" className={classes.down} onClick={toEnd} aria-label={t.scrollDown}>
            <IconArrowDown size={18} />
          </ActionIcon>
        </Tooltip>
      )}
    </section>
  );
}

function Messages({ messages, agent, mayWrite }: { messages: Message[]; agent: string; mayWrite: boolean }) {
  const next = messages.find(isOpen);
  const last = messages.findLast((message) => message.role === 'assistant' && !message.superseded_at);
  return messages.map((message) =>
    message.role === 'user' ? (
      <Question key={message.id} message={message} mayWrite={mayWrite} />
    ) : (
      <Answer key={message.id} message={message} agent={agent} mayWrite={mayWrite} isLast={message === last} isNext={message === next} />
    ),
  );
}
