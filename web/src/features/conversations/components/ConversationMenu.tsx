import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Confirm } from '~/components/Confirm';
import { onDemand } from '~/components/onDemand';
import { $api } from '~/lib/client';
import { tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';
import type { Conversation } from '../api/types';

const Rename = onDemand(() => import('./Rename').then((file) => file.Rename));

const t = strings.conversations;

/** What can be done with a conversation as a whole. */
export function ConversationMenu({ conversation, children }: { conversation: Conversation; children?: ReactNode }) {
  const { id: open } = useParams({ strict: false });
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null);
  const title = conversation.title ?? t.untitled;
  const close = () => setDialog(null);
  const path = { params: { path: { id: conversation.id } } };
  const done = {
    onSuccess: () => {
      close();
      return refresh('/v1/conversations');
    },
    onError: tellProblem,
  };
  const change = $api.useMutation('patch', '/v1/conversations/{id}', done);
  const remove = $api.useMutation('delete', '/v1/conversations/{id}', {
    onError: tellProblem,
    onSuccess: async () => {
      close();
      if (open === conversation.id) {
        await navigate({ to: '/chat' });
      }
      return refresh('/v1/conversations');
    },
  });
  const isActive = conversation.status === 'active';
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t.menu(title)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {children}
          <Menu.Item onClick={() => setDialog('rename')}>{t.rename}</Menu.Item>
          <Menu.Item onClick={() => change.mutate({ ...path, body: { status: isActive ? 'completed' : 'active' } })}>
            {isActive ? t.finish : t.reopen}
          </Menu.Item>
          <Menu.Item c="var(--mantine-color-error)" onClick={() => setDialog('delete')}>
            {t.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={dialog === 'delete'}
        title={t.delete}
        text={t.deleteText}
        action={t.delete}
        busy={remove.isPending}
        onClose={close}
        onConfirm={() => remove.mutate(path)}
      />
      {dialog === 'rename' && (
        <Rename title={title} busy={change.isPending} onClose={close} onRename={(next) => change.mutate({ ...path, body: { title: next } })} />
      )}
    </>
  );
}
