import { Code, Group, ScrollArea, Text } from '@mantine/core';
import { json } from '~/lib/format';
import { CopyIcon } from './Copy';

/** JSON as text, with a limit on its height and a button that copies all of it. */
export function JsonView({ label, value, height = 320 }: { label?: string; value: unknown; height?: number }) {
  const text = json(value) ?? 'null';
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <CopyIcon value={text} label={label ? `Copy ${label}` : undefined} />
      </Group>
      <ScrollArea.Autosize mah={height} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': label ?? 'JSON', role: 'region' }}>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {text.length > 200_000 ? `${text.slice(0, 200_000)}\n…` : text}
        </Code>
      </ScrollArea.Autosize>
    </div>
  );
}
