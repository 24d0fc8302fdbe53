import { Alert, Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { $api } from '~/lib/client';
import { slugOf } from '~/lib/format';
import { showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';

const t = strings.skills;

/** An MCP tool becomes a skill where it is accepted, so it is no choice here. */
const makeable = ['code', 'http_request', 'transform'];

export function CreateSkill({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: '', slug: '', type: 'code', category: 'computation', description: '' } });
  const create = $api.useMutation('post', '/v1/skills', {
    onSuccess: ({ slug }) => {
      void refresh('/v1/skills');
      void navigate({ to: '/skills/$skill', params: { skill: slug } });
    },
    onError: (error) => setProblem(showFaults(form, error, ['name', 'slug', 'type', 'category', 'description'])),
  });
  return (
    <Modal opened onClose={onClose} title={t.create}>
      <form
        onSubmit={form.onSubmit((values) => {
          setProblem(null);
          create.mutate({ body: { ...values, description: values.description || null } });
        })}
      >
        <Stack>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <TextInput
            label={t.name}
            required
            data-autofocus
            {...form.getInputProps('name')}
            onChange={(event) => form.setValues({ name: event.currentTarget.value, slug: slugOf(event.currentTarget.value) })}
          />
          <TextInput label={t.slug} description={t.slugHint} required {...form.getInputProps('slug')} />
          <Select
            label={t.type}
            allowDeselect={false}
            data={makeable.map((value) => ({ value, label: t.types[value] ?? value }))}
            {...form.getInputProps('type')}
          />
          <Select
            label={t.category}
            allowDeselect={false}
            data={Object.entries(t.categories).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps('category')}
          />
          <Textarea label={t.description} autosize minRows={2} {...form.getInputProps('description')} />
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
