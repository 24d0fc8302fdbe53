import { Card, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** A number that says something at first glance, and what to hold it against. */
export function Figure({ label, value, beside }: { label: string; value: ReactNode; beside?: ReactNode }) {
  return (
    <Card withBorder p="sm">
      <Stack gap={0}>
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <Text component="div" fz={24} fw={600} lh={1.3}>
          {value}
        </Text>
        {beside && (
          <Text size="xs" c="dimmed" component="div">
            {beside}
          </Text>
        )}
      </Stack>
    </Card>
  );
}
