import { ActionIcon, Alert, Badge, Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { IconGitFork, IconPencil, IconSitemap, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { JsonView } from '~/components/JsonView';
import { LinkButton } from '~/components/LinkButton';
import { onDemand } from '~/components/onDemand';
import { StatusBadge } from '~/components/StatusBadge';
import { Failed, Loading } from '~/components/states';
import { Time } from '~/components/Time';
import type { RunView } from '~/generated/api';
import { useAgents } from '~/lib/agents';
import { $api } from '~/lib/client';
import { between, count, duration, money } from '~/lib/format';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useNow } from '~/lib/useNow';
import { detailed, type Step } from '../api/steps';
import { isOver } from '../api/useLiveRun';
import { useStored } from '../api/useSteps';

const OverrideDialog = onDemand(() => import('./OverrideDialog').then((file) => file.OverrideDialog));

const t = strings.runs;

interface StepPanelProps {
  run: RunView;
  node: string;
  /** The node's step, or none while it has not begun. */
  step: Step | undefined;
  onFork: (node: string) => void;
  onClose: () => void;
}

interface Told {
  code?: string;
  message?: string;
  detail?: unknown;
}

/** One step: what went in, what came out, what went wrong, and what one can do about it. */
export function StepPanel({ run, node, step: outlined, onFork, onClose }: StepPanelProps) {
  const stored = useStored(run.id, outlined);
  const step = outlined && detailed(outlined, stored.data);
  const may = useCan('runs:write');
  const { byId } = useAgents();
  const [editing, setEditing] = useState(false);
  const now = useNow(step && !step.finished_at ? 500 : 60_000);
  const error = step?.error as Told | null | undefined;
  const took = step && between(step.started_at, step.finished_at, now);
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Group gap="xs">
          <Title order={2} style={{ overflowWrap: 'anywhere' }}>
            {step?.path ? `${step.path}.${step.node_id}` : node}
          </Title>
          {step && <StatusBadge status={step.status} />}
          {step?.overridden_at && <Badge variant="default">{t.overridden}</Badge>}
          {step?.reused_from && <Badge variant="default">{t.reused}</Badge>}
        </Group>
        <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={t.closeStep}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
      {step ? (
        <>
          <Group gap="md" c="dimmed">
            {step.skill && <Code>{step.skill}</Code>}
            {step.started_at && <Time at={step.started_at} />}
            {took !== null && took !== undefined && <span>{duration(took)}</span>}
            {step.attempt > 1 && <span>{t.attemptsOf(step.attempt)}</span>}
            <Usage usage={step.usage} />
          </Group>
          {error && (
            <Alert color="red" variant="outline" title={error.message ?? error.code}>
              {error.code && <Code>{error.code}</Code>}
              {error.detail !== undefined && error.detail !== null && <JsonView label={t.details} value={error.detail} height={160} />}
            </Alert>
          )}
          {step.text && step.status === 'running' && (
            <div aria-live="polite">
              <Text size="sm" fw={600}>
                {t.streaming}
              </Text>
              <Text style={{ whiteSpace: 'pre-wrap' }}>{step.text}</Text>
            </div>
          )}
          <Group gap="xs">
            {may && !step.path && isOver(run.status) && (
              <Button variant="default" size="xs" leftSection={<IconGitFork size={14} aria-hidden />} onClick={() => onFork(node)}>
                {t.fork}
              </Button>
            )}
            {may && (isOver(run.status) || run.status === 'paused' || run.status === 'waiting') && (
              <Button
                variant="default"
                size="xs"
                disabled={!stored.isSuccess}
                leftSection={<IconPencil size={14} aria-hidden />}
                onClick={() => setEditing(true)}
              >
                {t.override}
              </Button>
            )}
            {!step.path && (
              <LinkButton
                to="/agents/$agent/edit"
                params={{ agent: byId.get(run.agent_id)?.slug ?? run.agent_id }}
                search={{ node }}
                variant="default"
                size="xs"
                leftSection={<IconSitemap size={14} aria-hidden />}
              >
                {t.toBuilder}
              </LinkButton>
            )}
          </Group>
          {stored.isPending && <Loading lines={4} />}
          {stored.isError && <Failed error={stored.error} onRetry={() => void stored.refetch()} />}
          {step.input !== undefined && step.input !== null && <JsonView label={t.input} of={node} value={step.input} />}
          {step.output !== undefined && step.output !== null && <JsonView label={t.output} of={node} value={step.output} />}
          {(step.skill?.startsWith('llm') || step.skill?.startsWith('mcp')) && <ToolCalls run={run.id} />}
          {editing && <OverrideDialog runId={run.id} step={step} onClose={() => setEditing(false)} />}
        </>
      ) : (
        <Text c="dimmed">{t.notStarted}</Text>
      )}
    </Stack>
  );
}

interface Used {
  tokens_prompt?: number;
  tokens_completion?: number;
  cost_micros?: number;
  currency?: string;
}

function Usage({ usage }: { usage: unknown }) {
  const parts = (Array.isArray(usage) ? usage : usage ? [usage] : []) as Used[];
  const tokens = parts.reduce((sum, part) => sum + (part.tokens_prompt ?? 0) + (part.tokens_completion ?? 0), 0);
  const cost = parts.reduce((sum, part) => sum + (part.cost_micros ?? 0), 0);
  return (
    <>
      {tokens > 0 && (
        <span>
          {count(tokens)} {t.tokens.toLowerCase()}
        </span>
      )}
      {cost > 0 && <span>{money(cost, parts[0]?.currency)}</span>}
    </>
  );
}

function ToolCalls({ run }: { run: string }) {
  const calls = $api.useQuery('get', '/v1/tool-executions', { params: { query: { run, limit: 50 } } });
  if (!calls.data?.items.length) {
    return null;
  }
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {t.toolCalls}
      </Text>
      {calls.data.items.map((call) => (
        <details key={call.id}>
          <summary>
            <Code>{call.tool_name}</Code> <StatusBadge status={call.status} /> {call.duration_ms !== null && duration(call.duration_ms)}
          </summary>
          <JsonView label={t.input} value={call.input} height={160} />
          {call.error_message ? (
            <Text c="var(--mantine-color-error)">{call.error_message}</Text>
          ) : (
            <JsonView label={t.output} value={call.output} height={160} />
          )}
        </details>
      ))}
    </Stack>
  );
}
