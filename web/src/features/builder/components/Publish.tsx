import { Alert, Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { AgentView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellDone } from '~/lib/notify';
import { problemOf, sentenceOf } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';

const t = strings.builder;

interface PublishProps {
  agent: AgentView;
  /** Stores what is here. */
  flush: () => Promise<string | null>;
  onPublished: (versionId: string) => void;
  onClose: () => void;
}

/** Makes the draft a version. */
export function Publish({ agent, flush, onPublished, onClose }: PublishProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { changelog: '', semantic_version: '' } });
  const publish = $api.useMutation('post', '/v1/agents/{agent}/draft/publish', {
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
        onSubmit={form.onSubmit(async ({ changelog, semantic_version }) => {
          setProblem(null);
          const tag = await flush();
          if (tag === null) {
            setProblem(t.notSaved);
            return;
          }
          publish.mutate({
            params: { path: { agent: agent.slug } },
            headers: { 'If-Match': tag },
            body: { ...(changelog ? { changelog } : {}), ...(semantic_version ? { semantic_version } : {}) },
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
