import { Alert, Button, Group, Modal, MultiSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { CopyBlock } from '~/components/Copy';
import { ShownOnce } from '~/components/ShownOnce';
import { $api } from '~/lib/client';
import { showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { covers, useAccount } from '~/lib/session';
import { strings } from '~/lib/strings';

const t = strings.settings.keys;

export function NewKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { permissions } = useAccount();
  const known = $api.useQuery('get', '/v1/roles');
  const [key, setKey] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: '', scopes: ['runs:execute', 'runs:read'], expires_at: '' } });
  const create = $api.useMutation('post', '/v1/api-keys', {
    onSuccess: (made) => {
      form.reset();
      onClose();
      setKey(made.key);
      return refresh('/v1/api-keys');
    },
    onError: (error) => setProblem(showFaults(form, error, ['name', 'scopes', 'expires_at'])),
  });
  return (
    <>
      <Modal opened={opened} onClose={onClose} title={t.create}>
        <form
          onSubmit={form.onSubmit(({ name, scopes, expires_at }) => {
            setProblem(null);
            create.mutate({ body: { name, scopes, expires_at: expires_at ? new Date(expires_at).toISOString() : null } });
          })}
        >
          <Stack>
            {problem && (
              <Alert color="red" variant="outline" role="alert">
                {problem}
              </Alert>
            )}
            <TextInput label={t.name} required data-autofocus {...form.getInputProps('name')} />
            <MultiSelect
              label={t.scopes}
              description={t.scopesHint}
              required
              searchable
              data={known.data?.permissions.map((permission) => permission.name).filter((name) => covers(permissions, name)) ?? []}
              {...form.getInputProps('scopes')}
            />
            <TextInput label={t.expires} description={t.expiresHint} type="datetime-local" {...form.getInputProps('expires_at')} />
            <Group justify="flex-end">
              <Button type="submit" loading={create.isPending}>
                {t.create}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
      <ShownOnce title={t.made} opened={key !== null} onClose={() => setKey(null)}>
        <CopyBlock label={t.key} value={key ?? ''} />
        <CopyBlock label={t.example} value={`curl -sS ${window.location.origin}/v1/agents -H 'authorization: Bearer ${key}'`} />
      </ShownOnce>
    </>
  );
}
