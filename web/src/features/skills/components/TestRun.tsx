import { Alert, Button, Code, Group, ScrollArea, Stack, Text, Title } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { JsonView } from '~/components/JsonView';
import type { CodeRun } from '~/generated/api';
import { $api } from '~/lib/client';
import { duration, json } from '~/lib/format';
import { sentenceOf } from '~/lib/problem';
import { exampleOf } from '~/lib/schema';
import { strings } from '~/lib/strings';
import { type Draft, readJson } from '../api/draft';

const t = strings.skills.edit;

interface Failure {
  code?: string;
  message?: string;
  detail?: { line?: number; column?: number; stack?: string } | null;
}

/** Runs what stands in the editor, in the sandbox, as a node would. */
export function TestRun({ draft }: { draft: Draft }) {
  const [input, setInput] = useState(() => json(exampleOf(readJson(draft.input_schema)?.value) ?? {}));
  const [problem, setProblem] = useState<string | null>(null);
  const run = $api.useMutation('post', '/v1/code/run', { onError: (error) => setProblem(sentenceOf(error)) });
  const start = () => {
    const [read, spec] = [readJson(input), readJson(draft.spec)];
    if (!read || !spec) {
      setProblem(t.badJson(read ? t.spec : t.input));
      return;
    }
    setProblem(null);
    const { limits, network } = (spec.value ?? {}) as { limits?: unknown; network?: unknown };
    run.mutate({
      body: {
        language: draft.language,
        source_code: draft.source,
        input: read.value,
        spec: { ...(limits === undefined ? {} : { limits }), ...(network === undefined ? {} : { network }) },
      },
    });
  };
  return (
    <Stack component="section" aria-label={t.test} gap="sm">
      <Group justify="space-between">
        <Title order={3}>{t.test}</Title>
        <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={run.isPending} onClick={start}>
          {t.run}
        </Button>
      </Group>
      <CodeEditor label={t.input} language="json" value={input} onChange={setInput} height="110px" error={problem} />
      <div aria-live="polite">{run.data && <Outcome run={run.data} />}</div>
    </Stack>
  );
}

function Outcome({ run }: { run: CodeRun }) {
  const error = run.error as Failure | null;
  const logs = run.logs as { level: string; text: string }[];
  const at = error?.detail;
  return (
    <Stack gap="sm">
      {error ? (
        <Alert color="red" variant="outline" title={t.failed}>
          <Text>{error.message}</Text>
          <Text size="xs" c="dimmed">
            <Code>{error.code}</Code> {at?.line !== undefined && t.line(at.line, at.column ?? 1)}
          </Text>
        </Alert>
      ) : (
        <JsonView label={t.result} value={run.result} height={240} />
      )}
      {logs.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {t.logs}
          </Text>
          <ScrollArea.Autosize mah={160} type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t.logs }}>
            <Code block>{logs.map((entry) => entry.text).join('\n')}</Code>
          </ScrollArea.Autosize>
        </div>
      )}
      <Text size="xs" c="dimmed">
        {t.worked(duration(run.duration_ms), duration(run.cpu_ms), `${(run.peak_bytes / 1_048_576).toFixed(1)} MiB`)}
      </Text>
    </Stack>
  );
}
