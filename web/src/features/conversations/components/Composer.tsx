import { ActionIcon, FileButton, Group, Paper, Pill, Stack, Text, Textarea, Tooltip } from '@mantine/core';
import { useMediaQuery, useSessionStorage } from '@mantine/hooks';
import { IconArrowUp, IconPaperclip, IconPlayerStopFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { strings } from '~/lib/strings';
import { problemOf } from '../api/files';
import type { Saying } from '../api/useSay';
import classes from './Chat.module.css';

const t = strings.conversations;

interface ComposerProps {
  /** Under which name a draft is kept until the tab closes. */
  draft: string;
  label: string;
  busy: boolean;
  disabled?: boolean;
  /** Given while an answer is being made. */
  onStop?: () => void;
  /** Answers whether it was taken: what was refused stays to be sent again. */
  onSay: (saying: Saying) => Promise<boolean>;
}

/** Where one writes: a draft that a reload does not lose, files by choosing, dropping or pasting. */
export function Composer({ draft, label, busy, disabled, onStop, onSay }: ComposerProps) {
  const [text, setText, forget] = useSessionStorage({ key: `chat-draft-${draft}`, defaultValue: '', getInitialValueInEffect: false });
  const [files, setFiles] = useState<File[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const isTouch = useMediaQuery('(pointer: coarse)');
  const ready = text.trim() !== '' && !busy && !disabled;
  const add = (more: readonly File[]) => {
    const all = [...files, ...more];
    const wrong = problemOf(all);
    setProblem(wrong);
    if (!wrong) {
      setFiles(all);
    }
  };
  const send = async () => {
    if (ready && (await onSay({ content: text.trim(), files }))) {
      forget();
      setFiles([]);
      setProblem(null);
    }
  };
  return (
    <Paper
      component="form"
      withBorder
      radius="lg"
      p={8}
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        add([...event.dataTransfer.files]);
      }}
    >
      <Stack gap={4}>
        {files.length > 0 && (
          <Pill.Group aria-label={t.attached} role="group">
            {files.map((file) => (
              <Pill
                key={`${file.name}-${file.lastModified}`}
                withRemoveButton
                removeButtonProps={{ 'aria-label': t.dropFile(file.name), 'aria-hidden': false, tabIndex: 0 }}
                onRemove={() => setFiles(files.filter((other) => other !== file))}
              >
                {file.name}
              </Pill>
            ))}
          </Pill.Group>
        )}
        {problem && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {problem}
          </Text>
        )}
        <Group gap={6} align="flex-end" wrap="nowrap">
          <FileButton multiple onChange={add}>
            {(props) => (
              <Tooltip label={t.attach}>
                <ActionIcon {...props} variant="subtle" color="gray" size="lg" aria-label={t.attach} disabled={disabled}>
                  <IconPaperclip size={18} />
                </ActionIcon>
              </Tooltip>
            )}
          </FileButton>
          <Textarea
            flex={1}
            variant="unstyled"
            autosize
            minRows={1}
            maxRows={8}
            maxLength={32_768}
            aria-label={label}
            placeholder={label}
            value={text}
            disabled={disabled}
            onChange={(event) => setText(event.currentTarget.value)}
            onPaste={(event) => {
              if (event.clipboardData.files.length > 0) {
                event.preventDefault();
                add([...event.clipboardData.files]);
              }
            }}
            onKeyDown={(event) => {
              // A composing input method uses Enter for itself; on a touch keyboard Enter is the only way to a new line.
              if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing && !isTouch) {
                event.preventDefault();
                void send();
              }
            }}
          />
          {onStop && (
            <Tooltip label={t.stop}>
              <ActionIcon variant="default" size="lg" radius="xl" onClick={onStop} aria-label={t.stop}>
                <IconPlayerStopFilled size={16} />
              </ActionIcon>
            </Tooltip>
          )}
          <Tooltip label={t.sendHint}>
            <ActionIcon type="submit" size="lg" radius="xl" disabled={!ready} loading={busy} aria-label={t.send}>
              <IconArrowUp size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Stack>
    </Paper>
  );
}
