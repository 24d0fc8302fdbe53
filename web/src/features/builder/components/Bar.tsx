import { ActionIcon, Alert, Badge, Button, Group, Popover, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowBackUp, IconArrowForwardUp, IconCode, IconHistory, IconLayoutDistributeHorizontal } from '@tabler/icons-react';
import { Confirm } from '~/components/Confirm';
import { LinkButton } from '~/components/LinkButton';
import { Time } from '~/components/Time';
import type { AgentView } from '~/generated/api';
import { strings } from '~/lib/strings';
import type { Builder } from '../api/useBuilder';
import { Publish } from './Publish';

const t = strings.builder;

interface BarProps {
  agent: AgentView;
  builder: Builder;
  editable: boolean;
  run: React.ReactNode;
  showsLast: boolean;
  onLast: () => void;
  showsYaml: boolean;
  onArrange: () => void;
  onYaml: () => void;
  onJump: (id: string) => void;
}

/** What one can do with the whole. */
export function Bar({ agent, builder, editable, run, showsLast, onLast, showsYaml, onArrange, onYaml, onJump }: BarProps) {
  const [publishing, publish] = useDisclosure();
  const [discarding, discard] = useDisclosure();
  const { problems } = builder;
  return (
    <>
      <Popover position="bottom-end" withinPortal>
        <Popover.Target>
          <Button variant="default" disabled={problems.length === 0} c={problems.length > 0 ? 'var(--mantine-color-error)' : undefined}>
            {t.problems(problems.length)}
          </Button>
        </Popover.Target>
        <Popover.Dropdown maw={420}>
          <Stack gap="xs">
            {problems.map((fault) => (
              <UnstyledButton key={`${fault.pointer}${fault.code}`} onClick={() => fault.node && onJump(fault.node)}>
                {fault.node && <Badge variant="default">{fault.node}</Badge>} <Text span>{fault.message}</Text>
              </UnstyledButton>
            ))}
          </Stack>
        </Popover.Dropdown>
      </Popover>
      {editable && (
        <>
          <Tool label={t.undo} disabled={!builder.canUndo} onClick={builder.undo} icon={<IconArrowBackUp size={18} />} />
          <Tool label={t.redo} disabled={!builder.canRedo} onClick={builder.redo} icon={<IconArrowForwardUp size={18} />} />
          <Tool label={t.arrange} disabled={builder.graph.nodes.length === 0} onClick={onArrange} icon={<IconLayoutDistributeHorizontal size={18} />} />
        </>
      )}
      <Tool label={t.showLastRun} onClick={onLast} icon={<IconHistory size={18} />} pressed={showsLast} />
      <Tool label={showsYaml ? t.closeYaml : t.yaml} onClick={onYaml} icon={<IconCode size={18} />} pressed={showsYaml} />
      <LinkButton to="/agents/$agent" params={{ agent: agent.slug }} variant="default">
        {t.back}
      </LinkButton>
      {editable && builder.isChanged && (
        <Button variant="default" onClick={discard.open}>
          {t.discard}
        </Button>
      )}
      {run}
      {editable && (
        <Button onClick={publish.open} disabled={!builder.isChanged || problems.length > 0 || builder.isChecking} aria-busy={builder.isChecking}>
          {t.publish}
        </Button>
      )}
      {publishing && <Publish agent={agent} flush={builder.flush} onPublished={builder.settle} onClose={publish.close} />}
      <Confirm
        opened={discarding}
        title={t.discard}
        text={t.discardText}
        action={t.discard}
        onClose={discard.close}
        onConfirm={() => {
          builder.discard();
          discard.close();
        }}
      />
    </>
  );
}

function Tool({
  label,
  icon,
  onClick,
  disabled,
  pressed,
}: {
  label: string;
  icon: React.ReactNode;
  onClick: () => void;
  disabled?: boolean;
  pressed?: boolean;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant={pressed ? 'filled' : 'default'} size="lg" onClick={onClick} disabled={disabled} aria-label={label} aria-pressed={pressed}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

/** Whether what is here is kept. */
export function SaveSign({ builder }: { builder: Builder }) {
  const { kind, at } = builder.saving;
  if (kind === 'saving' || kind === 'failed') {
    return <span>{kind === 'saving' ? t.saving : t.notSavedYet}</span>;
  }
  return kind === 'saved' && at ? (
    <span>
      {t.draftAgo} <Time at={at} />
    </span>
  ) : (
    <span>{!builder.isChanged && t.draftNone}</span>
  );
}

/** Where somebody else saved the draft meanwhile a person decides what stays. */
export function Conflict({ builder }: { builder: Builder }) {
  return builder.saving.kind !== 'conflict' ? null : (
    <Alert color="red" variant="outline" role="alert">
      <Group justify="space-between">
        <Text>{t.conflict}</Text>
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => void builder.takeTheirs()}>
            {t.takeTheirs}
          </Button>
          <Button size="compact-sm" onClick={builder.keepMine}>
            {t.keepMine}
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
