import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { $api } from '~/lib/client';
import { json } from '~/lib/format';
import { tellDone } from '~/lib/notify';
import { sentenceOf } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';
import type { Step } from '../api/steps';

const t = strings.runs;

/** Puts another output in the place of what a step gave. */
export function OverrideDialog({ runId, step, onClose }: { runId: string; step: Step; onClose: () => void }) {
  const [text, setText] = useState(json(step.output ?? null));
  const [problem, setProblem] = useState<string | null>(null);
  const put = $api.useMutation('put', '/v1/runs/{id}/steps/{node_id}/output', {
    onSuccess: () => {
      tellDone(t.overrideDone);
      onClose();
      return refresh('/v1/runs/{id}');
    },
    onError: (error) => setProblem(sentenceOf(error)),
  });
  const save = () => {
    try {
      const output: unknown = JSON.parse(text);
      put.mutate({ params: { path: { id: runId, node_id: step.node_id } }, body: { output, ...(step.path ? { path: step.path } : {}) } });
    } catch {
      setProblem(t.badJson);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t.overrideTitle(step.node_id)} size="lg">
      <Stack>
        <Text c="dimmed">{t.overrideText}</Text>
        <CodeEditor label={t.output} language="json" value={text} onChange={setText} error={problem} height="300px" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {strings.common.cancel}
          </Button>
          <Button onClick={save} loading={put.isPending}>
            {strings.common.save}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
