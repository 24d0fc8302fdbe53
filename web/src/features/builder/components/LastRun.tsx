import { ActionIcon, Alert, Badge, Button, Code, Group, Stack, Tabs, Text } from '@mantine/core';
import { IconPin, IconPinnedOff, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { JsonView } from '~/components/JsonView';
import { TextLink } from '~/components/LinkButton';
import { StatusBadge } from '~/components/StatusBadge';
import { Time } from '~/components/Time';
import type { LatestStep } from '~/generated/api';
import { between, duration, json } from '~/lib/format';
import { strings } from '~/lib/strings';
import classes from './Builder.module.css';

const t = strings.builder;

interface LastRunProps {
  node: string;
  step: LatestStep | undefined;
  /** Undefined: nothing is pinned. */
  pinned: unknown;
  readOnly: boolean;
  onPin: (output: unknown) => void;
  onClose: () => void;
}

interface Told {
  code?: string;
  message?: string;
}

const logsOf = (output: unknown) => (typeof output === 'object' && output !== null && 'logs' in output ? output.logs : undefined);

/** What the chosen node came to when it ran last, and what stands in for it in tests. */
export function LastRun({ node, step, pinned, readOnly, onPin, onClose }: LastRunProps) {
  const [tab, setTab] = useState<string | null>('output');
  const error = step?.error as Told | null | undefined;
  const logs = logsOf(step?.output);
  const took = step && between(step.started_at, step.finished_at, Date.now());
  const isPinned = pinned !== undefined;
  return (
    <section className={classes.drawer} aria-label={t.lastRun}>
      <Group justify="space-between" wrap="nowrap">
        <Group gap="xs">
          <Text fw={600}>{t.lastRunOf(node)}</Text>
          {step ? (
            <>
              <StatusBadge status={step.status} />
              {took !== null && took !== undefined && <Text c="dimmed">{duration(took)}</Text>}
              <Time at={step.finished_at} />
              <TextLink to="/runs/$id" params={{ id: step.run_id }}>
                {step.is_test ? t.testRun : t.run}
              </TextLink>
            </>
          ) : (
            <Text c="dimmed">{t.neverRan}</Text>
          )}
          {isPinned && (
            <Badge variant="default" leftSection={<IconPin size={12} aria-hidden />}>
              {t.pinned}
            </Badge>
          )}
        </Group>
        <Group gap="xs" wrap="nowrap">
          {!readOnly && step?.status === 'succeeded' && !step.is_cut && !isPinned && (
            <Button size="compact-sm" variant="default" leftSection={<IconPin size={14} aria-hidden />} onClick={() => onPin(step.output ?? null)}>
              {t.pin}
            </Button>
          )}
          {!readOnly && !step && !isPinned && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPin size={14} aria-hidden />}
              onClick={() => {
                onPin({});
                setTab('pinned');
              }}
            >
              {t.pinByHand}
            </Button>
          )}
          {!readOnly && isPinned && (
            <Button size="compact-sm" variant="default" leftSection={<IconPinnedOff size={14} aria-hidden />} onClick={() => onPin(undefined)}>
              {t.unpin}
            </Button>
          )}
          <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={t.closeLastRun}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
      </Group>
      {error && (
        <Alert color="red" variant="outline" p="xs" title={error.message ?? error.code}>
          {error.code && <Code>{error.code}</Code>}
        </Alert>
      )}
      <Tabs value={isPinned && tab === 'output' && !step ? 'pinned' : tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="input">{t.input}</Tabs.Tab>
          <Tabs.Tab value="output">{t.result}</Tabs.Tab>
          {logs !== undefined && <Tabs.Tab value="logs">{t.logs}</Tabs.Tab>}
          {isPinned && <Tabs.Tab value="pinned">{t.pinned}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="input" pt="xs">
          {step?.is_cut ? (
            <Text c="dimmed">{t.cut}</Text>
          ) : step?.input == null ? (
            <Text c="dimmed">{t.noInput}</Text>
          ) : (
            <JsonView label={t.input} value={step.input} height={150} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="output" pt="xs">
          {step?.is_cut ? (
            <Text c="dimmed">{t.cut}</Text>
          ) : step?.output == null ? (
            <Text c="dimmed">{t.noOutput}</Text>
          ) : (
            <JsonView label={t.result} value={step.output} height={150} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="logs" pt="xs">
          <JsonView label={t.logs} value={logs} height={150} />
        </Tabs.Panel>
        <Tabs.Panel value="pinned" pt="xs">
          {isPinned && <PinEditor key={node} value={pinned} readOnly={readOnly} onChange={onPin} />}
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

function PinEditor({ value, readOnly, onChange }: { value: unknown; readOnly: boolean; onChange: (value: unknown) => void }) {
  const [text, setText] = useState(() => json(value));
  const [isBad, setIsBad] = useState(false);
  return (
    <Stack gap={4}>
      <CodeEditor
        label={t.pinnedData}
        description={t.pinnedHint}
        language="json"
        height="130px"
        readOnly={readOnly}
        value={text}
        error={isBad ? t.badJson : null}
        onChange={(typed) => {
          setText(typed);
          try {
            onChange(JSON.parse(typed));
            setIsBad(false);
          } catch {
            setIsBad(true);
          }
        }}
      />
    </Stack>
  );
}
