import { Alert, Button, Card, Group, Stack, TagsInput, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirm } from '~/components/Confirm';
import type { AgentView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';

const t = strings.agents;

export function AgentSettings({ agent }: { agent: AgentView }) {
  const may = useCan('agents:write');
  const navigate = useNavigate();
  const [deleting, deletion] = useDisclosure();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: agent.name, description: agent.description ?? '', category: agent.category ?? '', tags: agent.tags } });
  const path = { params: { path: { agent: agent.slug } } };
  const save = $api.useMutation('patch', '/v1/agents/{agent}', {
    onSuccess: () => {
      tellDone(strings.common.saved);
      form.resetDirty();
      return refresh('/v1/agents');
    },
    onError: (error) => setProblem(showFaults(form, error, ['name', 'description', 'category', 'tags'])),
  });
  const remove = $api.useMutation('delete', '/v1/agents/{agent}', {
    onSuccess: () => {
      tellDone(t.deleted);
      void refresh('/v1/agents');
      void navigate({ to: '/agents' });
    },
    onError: tellProblem,
  });
  return (
    <Stack maw={640}>
      <Card withBorder>
        <form
          onSubmit={form.onSubmit(({ name, description, category, tags }) => {
            setProblem(null);
            save.mutate({ ...path, body: { name, description: description || null, category: category || null, tags } });
          })}
        >
          <Stack>
            {problem && (
              <Alert color="red" variant="outline" role="alert">
                {problem}
              </Alert>
            )}
            <TextInput label={t.name} required readOnly={!may} {...form.getInputProps('name')} />
            <TextInput label={t.slug} value={agent.slug} readOnly />
            <Textarea label={t.description} autosize minRows={2} readOnly={!may} {...form.getInputProps('description')} />
            <TextInput label={t.category} readOnly={!may} {...form.getInputProps('category')} />
            <TagsInput label={t.tags} readOnly={!may} {...form.getInputProps('tags')} />
            {may && (
              <Group justify="flex-end">
                <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
                  {strings.common.save}
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      </Card>
      {may && (
        <Card withBorder component="section">
          <Stack>
            <Title order={2}>{t.dangerTitle}</Title>
            <Text c="dimmed">{t.deleteText}</Text>
            <Group>
              <Button variant="default" c="var(--mantine-color-error)" onClick={deletion.open}>
                {t.delete}
              </Button>
            </Group>
          </Stack>
          <Confirm
            opened={deleting}
            title={t.delete}
            text={t.deleteText}
            action={t.delete}
            name={agent.slug}
            busy={remove.isPending}
            onClose={deletion.close}
            onConfirm={() => remove.mutate(path)}
          />
        </Card>
      )}
    </Stack>
  );
}
