import { Alert, Button, Code, Drawer, Group, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { JsonView } from '~/components/JsonView';
import { StatusBadge } from '~/components/StatusBadge';
import { Time } from '~/components/Time';
import type { McpToolView } from '~/generated/api';
import { $api } from '~/lib/client';
import { json } from '~/lib/format';
import { tellDone, tellProblem } from '~/lib/notify';
import { sentenceOf } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { exampleOf } from '~/lib/schema';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useAccept } from '../api/useAccept';
import { toneOf } from './tones';

const t = strings.mcp.tool;

/** A tool as the server describes it: what to read before it is accepted, and a way to try it. */
export function ToolPanel({ server, tool, onClose }: { server: string; tool: McpToolView; onClose: () => void }) {
  const mayAccept = useCan('mcp:write');
  const mayMake = useCan('skills:write');
  const navigate = useNavigate();
  const accept = useAccept();
  const make = $api.useMutation('post', '/v1/mcp-servers/{server}/tools/{tool}/skill', {
    onSuccess: ({ slug }) => {
      tellDone(t.skillMade);
      void refresh('/v1/skills');
      void navigate({ to: '/skills/$skill', params: { skill: slug } });
    },
    onError: tellProblem,
  });
  const isAccepted = tool.status === 'accepted';
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={tool.title ?? tool.name}>
      <Stack>
        <Group>
          <Code>{tool.name}</Code>
          <StatusBadge status={toneOf(tool.status)} label={t.status[tool.status]} />
          <Text c="dimmed" component="div">
            {t.seen} <Time at={tool.seen_at} />
          </Text>
        </Group>
        {tool.description && <Text style={{ whiteSpace: 'pre-wrap' }}>{tool.description}</Text>}
        {tool.revealed && (
          <Alert color="red" variant="outline" title={t.hidden}>
            <Code block>{tool.revealed}</Code>
          </Alert>
        )}
        {tool.accepted !== null && (
          <Alert color="orange" variant="outline" title={t.changedTitle}>
            <JsonView label={t.before} value={tool.accepted} height={200} />
          </Alert>
        )}
        <JsonView label={t.input} value={tool.input_schema} height={260} />
        {tool.output_schema !== null && <JsonView label={t.output} value={tool.output_schema} height={200} />}
        {tool.annotations !== null && <JsonView label={t.annotations} value={tool.annotations} height={160} />}
        <Group>
          {mayAccept && !isAccepted && tool.hash && (
            <Button
              loading={accept.isPending}
              onClick={() => accept.mutate({ params: { path: { server } }, body: { tools: [{ name: tool.name, hash: tool.hash ?? '' }] } })}
            >
              {t.accept}
            </Button>
          )}
          {mayMake && isAccepted && (
            <Button variant="default" loading={make.isPending} onClick={() => make.mutate({ params: { path: { server, tool: tool.name } }, body: {} })}>
              {t.skill}
            </Button>
          )}
        </Group>
        {isAccepted && <Try server={server} tool={tool} />}
      </Stack>
    </Drawer>
  );
}

function Try({ server, tool }: { server: string; tool: McpToolView }) {
  const may = useCan('mcp:execute');
  const [text, setText] = useState(() => json(exampleOf(tool.input_schema) ?? {}));
  const [problem, setProblem] = useState<string | null>(null);
  const call = $api.useMutation('post', '/v1/mcp-servers/{server}/tools/{tool}/call', { onError: (error) => setProblem(sentenceOf(error)) });
  if (!may) {
    return null;
  }
  const send = () => {
    setProblem(null);
    try {
      call.mutate({ params: { path: { server, tool: tool.name } }, body: { arguments: JSON.parse(text) as unknown } });
    } catch {
      setProblem(t.badJson);
    }
  };
  const failed = (call.data as { is_error?: boolean } | undefined)?.is_error === true;
  return (
    <Stack component="section" aria-label={t.try} gap="xs">
      <Text fw={600}>{t.try}</Text>
      <Text c="dimmed">{t.tryText}</Text>
      <CodeEditor label={t.arguments} language="json" value={text} onChange={setText} error={problem} height="140px" />
      <Group justify="flex-end">
        <Button variant="default" loading={call.isPending} onClick={send}>
          {t.call}
        </Button>
      </Group>
      {failed && (
        <Alert color="red" variant="outline" role="status">
          {t.toldFailed}
        </Alert>
      )}
      {call.data !== undefined && <JsonView label={t.result} value={call.data} />}
    </Stack>
  );
}
