import { Alert, Button, Group, Modal, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useAgents } from '~/lib/agents';
import { $api } from '~/lib/client';
import { tellDone } from '~/lib/notify';
import { showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';
import { useTypes } from '../api/useTypes';

const t = strings.interactions;
const empty = { title: '', type: 'other', agent: '', description: '', external_link: '', tags: [] as string[] };

/** Work that was done elsewhere, written down by hand. */
export function CreateInteraction({ onClose }: { onClose: () => void }) {
  const { items } = useAgents();
  const types = useTypes();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: empty });
  const create = $api.useMutation('post', '/v1/interactions', {
    onSuccess: () => {
      tellDone(t.created);
      onClose();
      return refresh('/v1/interactions');
    },
    onError: (error) => setProblem(showFaults(form, error, Object.keys(empty))),
  });
  return (
    <Modal opened onClose={onClose} title={t.create} size="lg">
      <form
        onSubmit={form.onSubmit(({ agent, description, external_link, ...rest }) => {
          setProblem(null);
          create.mutate({ body: { ...rest, agent: agent || undefined, description: description || undefined, external_link: external_link || undefined } });
        })}
      >
        <Stack>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <TextInput label={t.name} required data-autofocus {...form.getInputProps('title')} />
          <Group grow>
            <Select
              label={t.type}
              allowDeselect={false}
              data={types.data?.items.map((type) => ({ value: type.id, label: type.name })) ?? []}
              {...form.getInputProps('type')}
            />
            <Select
              label={t.agent}
              clearable
              searchable
              data={items.map(({ slug, name }) => ({ value: slug, label: name }))}
              {...form.getInputProps('agent')}
            />
          </Group>
          <Textarea label={t.description} autosize minRows={3} {...form.getInputProps('description')} />
          <TextInput label={t.link} description={t.linkHint} type="url" {...form.getInputProps('external_link')} />
          <TagsInput label={t.tags} {...form.getInputProps('tags')} />
          <Group justify="flex-end">
            <Button type="submit" loading={create.isPending}>
              {strings.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
