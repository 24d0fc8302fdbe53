import { Code, Group, ScrollArea, Text } from '@mantine/core';
import { json } from '~/lib/format';
import { CopyIcon } from './Copy';

interface JsonViewProps {
  label?: string;
  /** What it belongs to, where two on a page have the same label: told to who hears the page. */
  of?: string;
  value: unknown;
  height?: number;
}

/** JSON as text, with a limit on its height and a button that copies all of it. */
export function JsonView({ label, of, value, height = 320 }: JsonViewProps) {
  const text = json(value) ?? 'null';
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <CopyIcon value={text} label={label ? `Copy ${label}` : undefined} />
      </Group>
      <ScrollArea.Autosize
        mah={height}
        type="auto"
        viewportProps={{ tabIndex: 0, 'aria-label': [of, label ?? 'JSON'].filter(Boolean).join(': '), role: 'region' }}
      >
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {text.length > 200_000 ? `${text.slice(0, 200_000)}\n…` : text}
        </Code>
      </ScrollArea.Autosize>
    </div>
  );
}
