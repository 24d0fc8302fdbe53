import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { CopyBlock } from '~/components/Copy';
import { ShownOnce } from '~/components/ShownOnce';
import { $api } from '~/lib/client';
import { showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';
import { useRoleNames } from '../api/useRoleNames';

const t = strings.settings.members;

export function Invite({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const roles = useRoleNames();
  const [link, setLink] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { email: '', role: 'developer' } });
  const invite = $api.useMutation('post', '/v1/invitations', {
    onSuccess: (made) => {
      form.reset();
      onClose();
      setLink(`${window.location.origin}/invite/${made.token}`);
      return refresh('/v1/invitations');
    },
    onError: (error) => setProblem(showFaults(form, error, ['email', 'role'])),
  });
  return (
    <>
      <Modal opened={opened} onClose={onClose} title={t.invite}>
        <form
          onSubmit={form.onSubmit((body) => {
            setProblem(null);
            invite.mutate({ body });
          })}
        >
          <Stack>
            {problem && (
              <Alert color="red" variant="outline" role="alert">
                {problem}
              </Alert>
            )}
            <TextInput label={t.email} type="email" required data-autofocus {...form.getInputProps('email')} />
            <Select label={t.role} data={roles} allowDeselect={false} required {...form.getInputProps('role')} />
            <Group justify="flex-end">
              <Button type="submit" loading={invite.isPending}>
                {t.invite}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
      <ShownOnce title={t.inviteDone} opened={link !== null} onClose={() => setLink(null)}>
        <Text>{t.inviteHint}</Text>
        <CopyBlock label={t.inviteLink} value={link ?? ''} />
      </ShownOnce>
    </>
  );
}
