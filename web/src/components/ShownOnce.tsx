import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { strings } from '~/lib/strings';

/** A secret that is shown once: the dialog closes only by saying that it was copied. */
export function ShownOnce({ title, opened, onClose, children }: { title: string; opened: boolean; onClose: () => void; children: ReactNode }) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false} size="lg">
      <Stack>
        <Text c="dimmed">{strings.common.onceText}</Text>
        {children}
        <Group justify="flex-end">
          <Button onClick={onClose}>{strings.common.understood}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
