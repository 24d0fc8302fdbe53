import { Skeleton, Stack, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';

const Editor = lazy(() => import('./CodeMirrorEditor'));

export interface CodeEditorProps {
  label: string;
  description?: string;
  error?: string | null;
  language: 'json' | 'yaml' | 'javascript' | 'python' | 'text';
  value: string;
  onChange?: (value: string) => void;
  height?: string;
  readOnly?: boolean;
}

/** An editor that comes only when one is on the page. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        {props.label}
      </Text>
      {props.description && (
        <Text size="xs" c="dimmed">
          {props.description}
        </Text>
      )}
      <Suspense fallback={<Skeleton height={props.height ?? 160} />}>
        <Editor {...props} />
      </Suspense>
      {props.error && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {props.error}
        </Text>
      )}
    </Stack>
  );
}
