import { Button, Group, Modal, Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import type { AgentView } from '~/generated/api';
import { $api } from '~/lib/client';
import { json } from '~/lib/format';
import { tellDone } from '~/lib/notify';
import { problemOf, sentenceOf } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { exampleOf } from '~/lib/schema';
import { strings } from '~/lib/strings';

const t = strings.agents;

/** Starts a run with an input that begins as the agent's schema suggests. */
export function RunAgent({ agent, schema, onClose }: { agent: AgentView; schema: unknown; onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState(() => json(exampleOf(schema) ?? {}));
  const [problem, setProblem] = useState<string | null>(null);
  const start = $api.useMutation('post', '/v1/agents/{agent}/runs', {
    onSuccess: ({ id }) => {
      tellDone(t.started);
      onClose();
      void refresh('/v1/runs', '/v1/agents');
      void navigate({ to: '/runs/$id', params: { id } });
    },
    onError: (error) => {
      const faults = problemOf(error).errors ?? [];
      setProblem(faults.length ? faults.map((fault) => `${fault.pointer}: ${fault.message}`).join('\n') : sentenceOf(error));
    },
  });
  return (
    <Modal opened onClose={onClose} title={t.runTitle(agent.name)} size="lg">
      <Stack>
        <CodeEditor label={t.input} description={t.inputHint} language="json" value={text} onChange={setText} height="260px" error={problem} />
        <Group justify="flex-end">
          <Button
            loading={start.isPending}
            onClick={() => {
              setProblem(null);
              try {
                start.mutate({ params: { path: { agent: agent.slug } }, body: { input: JSON.parse(text) as unknown } });
              } catch {
                setProblem(t.badJson);
              }
            }}
          >
            {t.start}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
