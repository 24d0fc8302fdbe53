import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTitle } from '~/lib/useTitle';

interface PageProps {
  title: string;
  /** Beside the title: a status, a live sign. */
  beside?: ReactNode;
  text?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page's heading, its actions and its content; the heading is also the window's title. */
export function Page({ title, beside, text, actions, children }: PageProps) {
  useTitle(title);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={2} miw={0}>
          <Group gap="sm">
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {beside}
          </Group>
          {text && (
            <Text c="dimmed" component="div">
              {text}
            </Text>
          )}
        </Stack>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
