import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { strings } from '~/lib/strings';

export interface ConfirmProps {
  opened: boolean;
  title: string;
  text: string;
  action: string;
  /** What cannot be undone asks for its name. */
  name?: string;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog({ opened, title, text, action, name, busy, onConfirm, onClose }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const close = () => {
    setTyped('');
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTyped('');
          onConfirm();
        }}
      >
        <Stack>
          <Text>{text}</Text>
          {name && (
            <TextInput
              label={strings.common.typeToConfirm(name)}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {strings.common.cancel}
            </Button>
            <Button color="red.9" type="submit" loading={busy} disabled={name !== undefined && typed !== name}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
