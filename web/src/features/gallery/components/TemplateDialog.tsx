import { Alert, Button, Group, Modal, Stack, Tabs, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { GraphView } from '~/components/graph';
import { JsonView } from '~/components/JsonView';
import { slugOf } from '~/lib/format';
import { tellDone } from '~/lib/notify';
import { sentenceOf } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import type { Template } from '../api/templates';
import { SlugTaken, useMakeOf } from '../api/useTemplate';

const t = strings.gallery;

/** What a template does, and how it becomes an agent of one's own. */
export function TemplateDialog({ template, onClose }: { template: Template; onClose: () => void }) {
  const may = useCan('agents:write');
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: template.name, slug: template.slug } });
  const make = useMakeOf((agent) => {
    tellDone(t.made);
    void refresh('/v1/agents');
    void navigate({ to: '/agents/$agent', params: { agent } });
  });
  const send = form.onSubmit(({ name, slug }) => {
    setProblem(null);
    make.mutate(
      { template, name, slug },
      { onError: (error) => (error instanceof SlugTaken ? form.setFieldError('slug', t.taken) : setProblem(sentenceOf(error))) },
    );
  });
  return (
    <Modal opened onClose={onClose} title={template.name} size="xl">
      <Stack>
        <Text>{template.description}</Text>
        <Tabs defaultValue="graph" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="graph">{t.graph}</Tabs.Tab>
            <Tabs.Tab value="sample">{t.sample}</Tabs.Tab>
            <Tabs.Tab value="definition">{t.preview}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="graph" pt="sm">
            <GraphView graph={template.graph} layoutKey={`template ${template.slug}`} label={t.graph} height={280} />
          </Tabs.Panel>
          <Tabs.Panel value="sample" pt="sm">
            <JsonView label={t.sample} value={template.sample} height={280} />
          </Tabs.Panel>
          <Tabs.Panel value="definition" pt="sm">
            <CodeEditor label={t.preview} language="yaml" value={template.text} readOnly height="280px" />
          </Tabs.Panel>
        </Tabs>
        {template.asksModel && <Text c="dimmed">{t.sandboxHint}</Text>}
        {may && (
          <form onSubmit={send}>
            <Stack>
              {problem && (
                <Alert color="red" variant="outline" role="alert">
                  {problem}
                </Alert>
              )}
              <Group grow align="flex-start">
                <TextInput
                  label={t.name}
                  required
                  {...form.getInputProps('name')}
                  onChange={(event) => form.setValues({ name: event.currentTarget.value, slug: slugOf(event.currentTarget.value) })}
                />
                <TextInput
                  label={t.slug}
                  description={t.slugHint}
                  inputWrapperOrder={['label', 'input', 'description', 'error']}
                  required
                  {...form.getInputProps('slug')}
                />
              </Group>
              <Group justify="flex-end">
                <Button type="submit" loading={make.isPending}>
                  {t.make}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
      </Stack>
    </Modal>
  );
}
