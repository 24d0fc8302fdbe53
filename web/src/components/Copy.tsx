import { ActionIcon, Code, CopyButton, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { shortId } from '~/lib/format';
import { strings } from '~/lib/strings';

export function CopyIcon({ value, label }: { value: string; label?: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? strings.common.copied : (label ?? strings.common.copy)}>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={label ?? strings.common.copy}>
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** The end of an id, with all of it to copy. */
export function Id({ id }: { id: string }) {
  return (
    <Group gap={2} wrap="nowrap" display="inline-flex">
      <Code title={id}>{shortId(id)}</Code>
      <CopyIcon value={id} label={`${strings.common.copy} ${id}`} />
    </Group>
  );
}

export function CopyBlock({ value, label }: { value: string; label?: string }) {
  return (
    <Stack gap={2}>
      {label && (
        <Text size="sm" fw={500}>
          {label}
        </Text>
      )}
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Code block style={{ flex: 1, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {value}
        </Code>
        <CopyIcon value={value} label={label ? `${strings.common.copy}: ${label}` : undefined} />
      </Group>
    </Stack>
  );
}
