import { Alert, Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { $api } from '~/lib/client';
import { slugOf } from '~/lib/format';
import { showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';

const t = strings.settings.teams;

export function NewTeam({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: '', slug: '', description: '' } });
  const create = $api.useMutation('post', '/v1/teams', {
    onSuccess: () => {
      form.reset();
      onClose();
      return refresh('/v1/teams');
    },
    onError: (error) => setProblem(showFaults(form, error, ['name', 'slug', 'description'])),
  });
  return (
    <Modal opened={opened} onClose={onClose} title={t.create}>
      <form
        onSubmit={form.onSubmit(({ name, slug, description }) => {
          setProblem(null);
          create.mutate({ body: { name, slug, description: description || null } });
        })}
      >
        <Stack>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <TextInput
            label={strings.common.name}
            required
            data-autofocus
            {...form.getInputProps('name')}
            onChange={(event) => {
              const name = event.currentTarget.value;
              if (form.values.slug === slugOf(form.values.name)) {
                form.setFieldValue('slug', slugOf(name));
              }
              form.setFieldValue('name', name);
            }}
          />
          <TextInput label={t.slug} required {...form.getInputProps('slug')} />
          <Textarea label={t.description} autosize {...form.getInputProps('description')} />
          <Group justify="flex-end">
            <Button type="submit" loading={create.isPending}>
              {t.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
