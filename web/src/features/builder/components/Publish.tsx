import { Alert, Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { AgentVersionView, AgentView } from '~/generated/api';
import { $api } from '~/lib/client';
import type { Graph } from '~/lib/graph';
import { tellDone } from '~/lib/notify';
import { problemOf, sentenceOf } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';

const t = strings.builder;

interface PublishProps {
  agent: AgentView;
  version: AgentVersionView | undefined;
  graph: Graph;
  onPublished: (versionId: string) => void;
  onClose: () => void;
}

/** Makes the draft a version; everything else of the version stays as it was. */
export function Publish({ agent, version, graph, onPublished, onClose }: PublishProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { changelog: '', semantic_version: '' } });
  const publish = $api.useMutation('post', '/v1/agents/{agent}/versions', {
    onSuccess: async (made) => {
      tellDone(t.published(made.semantic_version));
      onPublished(made.id);
      onClose();
      await refresh('/v1/agents');
    },
    onError: (error) => {
      const faults = problemOf(error).errors ?? [];
      setProblem(faults.length > 0 ? faults.map((fault) => fault.message).join(' ') : sentenceOf(error));
    },
  });
  return (
    <Modal opened onClose={onClose} title={t.publishTitle}>
      <form
        onSubmit={form.onSubmit(({ changelog, semantic_version }) => {
          setProblem(null);
          publish.mutate({
            params: { path: { agent: agent.slug } },
            body: {
              graph,
              default_params: version?.default_params,
              model: version?.model,
              system_prompt: version?.system_prompt,
              input_schema: version?.input_schema,
              output_schema: version?.output_schema,
              ...(changelog ? { changelog } : {}),
              ...(semantic_version ? { semantic_version } : {}),
            },
          });
        })}
      >
        <Stack>
          <Text c="dimmed">{t.publishText}</Text>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <Textarea label={t.changelog} autosize minRows={2} data-autofocus {...form.getInputProps('changelog')} />
          <TextInput label={t.version} description={t.versionHint} {...form.getInputProps('semantic_version')} />
          <Group justify="flex-end">
            <Button type="submit" loading={publish.isPending}>
              {t.publish}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
