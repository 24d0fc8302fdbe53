import { Alert, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { sentenceOf } from '~/lib/problem';
import { strings } from '~/lib/strings';

const lineKeys = Array.from({ length: 20 }, (_, line) => `line-${line}`);

/** Grey lines where content will be, and only when it takes long enough to notice. */
export function Loading({ lines = 5 }: { lines?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Stack gap="sm" role="status" aria-label={strings.common.loading} mih={late ? undefined : lines * 40}>
      {late && lineKeys.slice(0, lines).map((line) => <Skeleton key={line} height={28} />)}
    </Stack>
  );
}

export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <Alert color="red" variant="outline" icon={<IconAlertTriangle aria-hidden />} role="alert">
      <Group justify="space-between">
        <Text size="md">{sentenceOf(error)}</Text>
        {onRetry && (
          <Button variant="default" size="xs" onClick={onRetry}>
            {strings.common.retry}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/** A list without rows says what would be here, and offers the one thing to do next. */
export function Empty({ icon, title, level = 2, text, action }: { icon?: ReactNode; title: string; level?: 1 | 2; text?: string; action?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py={48} ta="center">
      {icon}
      <Title order={level} size="h3">
        {title}
      </Title>
      {text && (
        <Text c="dimmed" maw={440}>
          {text}
        </Text>
      )}
      {action}
    </Stack>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** What a query has: its content, or the state that it is in. */
export function Answered<T>({ query, lines, children }: { query: Asked<T>; lines?: number; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) {
    return children(query.data);
  }
  return query.isPending ? <Loading lines={lines} /> : <Failed error={query.error} onRetry={() => void query.refetch()} />;
}
