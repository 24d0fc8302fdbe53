import { Card, Group, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export function Panel({ title, beside, children }: { title: string; beside?: ReactNode; children: ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h3">
            {title}
          </Title>
          {beside}
        </Group>
        {children}
      </Stack>
    </Card>
  );
}
