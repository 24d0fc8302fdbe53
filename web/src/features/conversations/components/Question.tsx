import { ActionIcon, Anchor, Badge, Button, Group, Stack, Text, Textarea, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconFile, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyIcon } from '~/components/Copy';
import { strings } from '~/lib/strings';
import type { Message } from '../api/types';
import { useEdit } from '../api/useAgain';
import classes from './Chat.module.css';

const t = strings.conversations;

/** What a person said. */
export function Question({ message, mayWrite }: { message: Message; mayWrite: boolean }) {
  const [editing, setEditing] = useState(false);
  return (
    <article className={`${classes.message} ${classes.mine}`} data-replaced={message.superseded_at ?? undefined}>
      <VisuallyHidden component="h2">{t.youSaid}</VisuallyHidden>
      {editing ? (
        <Rewrite message={message} onDone={() => setEditing(false)} />
      ) : (
        <>
          <Files message={message} />
          {message.content && <div className={classes.bubble}>{message.content}</div>}
          <Group gap={2} className={classes.actions}>
            {message.superseded_at && (
              <Badge variant="default" tt="none">
                {t.replaced}
              </Badge>
            )}
            <CopyIcon value={message.content} label={t.copy} />
            {mayWrite && !message.superseded_at && (
              <Tooltip label={t.edit}>
                <ActionIcon variant="subtle" color="gray" size="sm" onClick={() => setEditing(true)} aria-label={t.edit}>
                  <IconPencil size={14} />
                </ActionIcon>
              </Tooltip>
            )}
          </Group>
        </>
      )}
    </article>
  );
}

function Rewrite({ message, onDone }: { message: Message; onDone: () => void }) {
  const [text, setText] = useState(message.content);
  const edit = useEdit();
  return (
    <Stack gap="xs" w="100%">
      <Textarea
        autosize
        minRows={2}
        maxRows={12}
        maxLength={32_768}
        label={t.edit}
        description={t.editHint}
        value={text}
        data-autofocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap="xs" justify="flex-end">
        <Button variant="default" size="xs" onClick={onDone}>
          {strings.common.cancel}
        </Button>
        <Button
          size="xs"
          loading={edit.isPending}
          disabled={text.trim() === ''}
          onClick={() =>
            edit.mutate(
              {
                params: { path: { id: message.conversation_id, message_id: message.id } },
                body: { content: text.trim(), wait: false, if_busy: 'interrupt' },
              },
              { onSuccess: onDone },
            )
          }
        >
          {t.send}
        </Button>
      </Group>
    </Stack>
  );
}

function Files({ message }: { message: Message }) {
  return message.files.length === 0 ? null : (
    <Group gap="xs" pb={4}>
      {message.files.map((file) => {
        const href = `/v1/conversations/${message.conversation_id}/messages/${message.id}/files/${file.index}`;
        return (
          <Anchor key={file.index} href={href} target="_blank" rel="noopener" title={file.name}>
            {file.media_type.startsWith('image/') ? (
              <img className={classes.picture} src={href} alt={file.name} loading="lazy" />
            ) : (
              <Group gap={4} component="span">
                <IconFile size={16} aria-hidden />
                <Text component="span">{file.name}</Text>
              </Group>
            )}
          </Anchor>
        );
      })}
    </Group>
  );
}
