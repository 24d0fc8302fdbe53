import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { strings } from '~/lib/strings';

const t = strings.conversations;

interface RenameProps {
  title: string;
  busy: boolean;
  onRename: (title: string) => void;
  onClose: () => void;
}

export function Rename({ title, busy, onRename, onClose }: RenameProps) {
  const [name, setName] = useState(title);
  return (
    <Modal opened onClose={onClose} title={t.rename}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onRename(name.trim());
        }}
      >
        <Stack>
          <TextInput label={t.name} maxLength={200} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Group justify="flex-end">
            <Button type="submit" loading={busy} disabled={name.trim() === ''}>
              {strings.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
