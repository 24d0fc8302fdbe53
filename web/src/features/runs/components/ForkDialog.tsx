import { Alert, Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { Answered } from '~/components/states';
import type { ReplayPreview, RunView } from '~/generated/api';
import { $api } from '~/lib/client';
import { duration, json, money } from '~/lib/format';
import { tellDone } from '~/lib/notify';
import { sentenceOf } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';

const t = strings.runs;

interface ForkProps {
  run: RunView;
  /** A node of the graph: it and what follows run anew; null runs all of it again. */
  from: string | null;
  onClose: () => void;
}

/** Shows what a new run would take over and what that saves, before it starts. */
export function ForkDialog({ run, from, onClose }: ForkProps) {
  return (
    <Modal opened onClose={onClose} title={from ? t.forkTitle(from) : t.replayTitle} size="lg">
      <Fork run={run} from={from} onClose={onClose} />
    </Modal>
  );
}

function Fork({ run, from, onClose }: ForkProps) {
  const navigate = useNavigate();
  const [version, setVersion] = useState<'same' | 'latest'>('same');
  const [input, setInput] = useState(json(run.input) ?? 'null');
  const [problem, setProblem] = useState<string | null>(null);
  const id = { path: { id: run.id } };
  const terms = { ...(from ? { from_node: from } : {}), ...(version === 'latest' ? { version: 'latest' } : {}) };
  const preview = $api.useQuery(
    'post',
    '/v1/runs/{id}/replay',
    { params: id, body: { ...terms, dry_run: true } },
    { retry: false, gcTime: 0, select: (answer) => answer as unknown as ReplayPreview },
  );
  const start = $api.useMutation('post', '/v1/runs/{id}/replay', {
    onSuccess: (made) => {
      tellDone(t.replayed);
      onClose();
      void refresh('/v1/runs');
      void navigate({ to: '/runs/$id', params: { id: (made as { id: string }).id } });
    },
    onError: (error) => setProblem(sentenceOf(error)),
  });
  const submit = () => {
    setProblem(null);
    try {
      const value: unknown = JSON.parse(input);
      const isChanged = input !== (json(run.input) ?? 'null');
      start.mutate({ params: id, body: { ...terms, ...(isChanged ? { input: value } : {}) } });
    } catch {
      setProblem(t.badJson);
    }
  };
  return (
    <Stack>
      <div>
        <Text size="sm" fw={500} id="fork-version">
          {t.forkVersion}
        </Text>
        <SegmentedControl
          aria-labelledby="fork-version"
          value={version}
          onChange={(value) => setVersion(value as 'same' | 'latest')}
          data={[
            { value: 'same', label: t.forkVersionSame },
            { value: 'latest', label: t.forkVersionLatest },
          ]}
        />
      </div>
      <Answered query={preview} lines={2}>
        {(found) => (
          <Alert variant="outline" color="violet" title={`${t.forkReused(found.steps_saved)}, ${t.forkRerun(found.rerun.length)}`}>
            {found.steps_saved > 0 && t.forkSaves(duration(found.duration_saved_ms), money(found.cost_saved_micros))}
            <Text size="sm" c="dimmed">
              {found.rerun.join(', ')}
            </Text>
          </Alert>
        )}
      </Answered>
      <CodeEditor label={t.forkInput} description={t.forkInputHint} language="json" value={input} onChange={setInput} height="200px" />
      {problem && (
        <Alert color="red" variant="outline" role="alert">
          {problem}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {strings.common.cancel}
        </Button>
        <Button onClick={submit} loading={start.isPending} disabled={preview.isError}>
          {t.forkStart}
        </Button>
      </Group>
    </Stack>
  );
}
